using System.Buffers;
using Countersign.Engine;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers.Http;
using Countersign.Gateway.Providers.Raw;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.AnthropicMessages;
using Countersign.Protocol.Wire.Completions;
using Countersign.Protocol.Wire.Embeddings;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>Runs a folder's models in this process. Usage is exact, also of a call that is given up: what was computed until then stands in the attempt's record.</summary>
internal sealed class EngineProvider(EngineOptions options, TimeProvider time, ILogger log, GatewayMetrics metrics) : IProvider, IDisposable
{
    private readonly ResidentModels models = new(options, time, log, metrics);
    private readonly GenerationSettings settings = new(new AnswerGrammars());

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatEvent> CallAsync(ProviderCall call, CallTimer timer) => call switch
    {
        EmbeddingCall embedding => EmbedAsync(embedding, timer),
        TokenCountCall count => CountTokensAsync(count, timer),
        CompletionCall completion => CompleteAsync(completion, timer),
        InspectionCall inspection => InspectAsync(inspection, timer),
        _ => AnswerAsync((ChatCall)call, timer),
    };

    /// <inheritdoc/>
    public Problem? Explain(Exception exception, CallTimer timer) => EngineFailure.Explain(exception, timer);

    /// <summary>Loads a deployment's model before it is asked, and tells how much is loaded, from 0 to 1.</summary>
    /// <exception cref="EngineException">Its file is missing or cannot be used.</exception>
    /// <exception cref="ProblemException">There is no room for it.</exception>
    public async Task LoadAsync(Deployment deployment, Action<double> progress, CancellationToken cancellationToken)
    {
        using var lease = await models.TakeAsync(UseOf(deployment), progress, cancellationToken);
    }

    /// <summary>Unloads each model when its last call has ended.</summary>
    public void Retire() => models.Retire();

    /// <inheritdoc/>
    public void Dispose() => models.Dispose();

    private async IAsyncEnumerable<ChatEvent> AnswerAsync(ChatCall call, CallTimer timer)
    {
        using var lease = await LeaseAsync(call, timer);
        var prompt = ChatPrompt.Of(lease.Model, call.Deployment, call.Attempt.Request, call.Trace);
        if (prompt.Tokens.Count >= call.Deployment.ContextLength) throw TooLong(call.Deployment, prompt.Tokens.Count);
        var answer = new GeneratedAnswer(lease.Model.Engine, new RawAnswer(prompt.Chat, prompt.StartsInThought));
        bool isFirst = true;
        await foreach (var happened in lease.Model.Engine.GenerateAsync(settings.Of(lease.Model, call.Attempt.Request, prompt, call.Deployment, call.Trace), timer.Token))
        {
            timer.SeeToken();
            if (isFirst) yield return new AnswerStarted(null, call.Deployment.Model); // Not earlier: what is refused has not begun.
            isFirst = false;
            foreach (var chatEvent in answer.EventsOf(happened)) yield return chatEvent;
        }

        if (answer.Used is { } used) yield return new UsageReported(used);
    }

    private async IAsyncEnumerable<ChatEvent> CompleteAsync(CompletionCall call, CallTimer timer)
    {
        using var lease = await LeaseAsync(call, timer);
        var (engine, request) = (lease.Model.Engine, call.Request);
        CompletedPrompt[] prompts = [.. request.Prompts.Select((_, index) => new CompletedPrompt(engine, request, index))];
        if (prompts.Max(prompt => prompt.Tokens.Count) is var longest && longest > call.Deployment.ContextLength) throw TooLong(call.Deployment, longest);
        GenerationRequest[] generations = [.. prompts.Select(prompt => settings.OfText(request.Settings, prompt.Tokens, call.Deployment, call.Trace) with { PromptLogprobs = request is { Echo: true, Settings.Logprobs: true } })];
        var answer = new CompletionAnswer(request, prompts, new CompletionAnswerWriter(call.Stamp.Id, request.Settings.Model, call.Stamp.Started));
        yield return new WireFacts([new AnswerStarted(null, call.Deployment.Model)]);
        await foreach (var (prompt, happened) in PromptRun.EventsAsync(engine, generations, timer.Token))
        {
            timer.SeeToken();
            foreach (var chatEvent in answer.EventsOf(prompt, happened)) yield return chatEvent;
        }

        yield return answer.End();
    }

    private async IAsyncEnumerable<ChatEvent> InspectAsync(InspectionCall call, CallTimer timer)
    {
        using var lease = await LeaseAsync(call, timer);
        yield return new WireFrames(call.Question(lease.Model, call.Deployment), IsLast: true);
    }

    private async IAsyncEnumerable<ChatEvent> EmbedAsync(EmbeddingCall call, CallTimer timer)
    {
        using var lease = await LeaseAsync(call, timer);
        var engine = lease.Model.Engine;
        if (call.Request.Dimensions is { } dimensions && dimensions != engine.Info.Width)
            throw ProblemException.Invalid($"'{call.Deployment.Model}' gives vectors of {engine.Info.Width} numbers; it cannot give {dimensions}.", "dimensions");
        IReadOnlyList<int>[] texts = [.. call.Request.Inputs.Select(input => input.Tokens ?? engine.Tokenize(input.Text!, addSpecial: true, parseSpecial: false))];
        var result = await engine.EmbedAsync(texts, timer.Token);
        var body = new ArrayBufferWriter<byte>();
        EmbeddingWire.WriteAnswer(call.Request, call.Request.Model, result.Vectors, result.PromptTokens, body);
        yield return new WireFacts([new UsageReported(new Usage { InputTokens = result.PromptTokens, OutputTokens = 0 })]);
        yield return new WireFrames(body.WrittenMemory, IsLast: true);
    }

    private async IAsyncEnumerable<ChatEvent> CountTokensAsync(TokenCountCall call, CallTimer timer)
    {
        using var lease = await LeaseAsync(call, timer);
        var body = new ArrayBufferWriter<byte>();
        TokenCount.Write(ChatPrompt.Of(lease.Model, call.Deployment, call.Request.Parsed, call.Trace).Tokens.Count, body);
        yield return new WireFrames(body.WrittenMemory, IsLast: true);
    }

    /// <summary>Goes on upon a pool thread: templates, tokens and grammars take their time, and the caller's thread may be one that sockets wait for.</summary>
    private async ValueTask<ModelLease> LeaseAsync(ProviderCall call, CallTimer timer)
    {
        await SocketThreads.HopAsync();
        return await models.TakeAsync(UseOf(call.Deployment), null, timer.Token);
    }

    private static ModelUse UseOf(Deployment deployment) => new(deployment.Model, deployment.Draft);

    private static ProblemException TooLong(Deployment deployment, int tokens) => ProblemException.Invalid(
        $"The conversation has {tokens} tokens; deployment '{deployment.Name}' takes {deployment.ContextLength} with the answer.", "messages", FailureRules.ContextLengthExceeded);
}
