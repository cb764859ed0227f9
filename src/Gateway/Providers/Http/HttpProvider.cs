using System.Buffers;
using System.Collections.Concurrent;
using Countersign.Gateway.Pipeline;
using Countersign.Gateway.Providers.Raw;
using Countersign.Gateway.Shaping;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Dialects.PromptCaching;
using Countersign.Protocol.Problems;
using Countersign.Protocol.ToolCalls;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.AnthropicMessages;
using Countersign.Protocol.Wire.Embeddings;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Calls models over HTTP, in OpenAI's chat or Responses API, Anthropic's Messages API or Gemini's. A caller's own bytes are passed on where it speaks the same API,
/// and so are the answer's; everything else is read into events.</summary>
internal sealed class HttpProvider(ProviderOptions options, UpstreamConnections connections, TimeProvider time) : IProvider
{
    private readonly UpstreamApi api = UpstreamApi.Of(options.ChatApi!.Value);
    private readonly UpstreamRequests requests = new(options);
    private readonly Redaction redaction = new(options);
    private readonly ConcurrentDictionary<(string Family, bool MayStart), LeftThoughts?> leftThoughts = new(); // The families of the tables are few.

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatEvent> CallAsync(ProviderCall call, CancellationToken cancellationToken) =>
        TimedCall.RunAsync(call, time, timer => EventsOf(call, timer), Explain, cancellationToken);

    private IAsyncEnumerable<ChatEvent> EventsOf(ProviderCall call, CallTimer timer) => call switch
    {
        EmbeddingCall embedding => EmbedAsync(embedding, timer),
        TokenCountCall count => CountTokensAsync(count, timer),
        CompletionCall completion => CompleteAsync(completion, timer),
        InspectionCall => throw ProblemException.Invalid($"Deployment `{call.Deployment.Name}` does not run in this process: name one of a provider with `api: engine`.", "model"),
        _ => AnswerAsync((ChatCall)call, timer),
    };

    private async IAsyncEnumerable<ChatEvent> AnswerAsync(ChatCall call, CallTimer timer)
    {
        bool isStream = TimedCall.IsStream(call);
        bool inWords = ToolsInWords.AreNeeded(call, options);
        var forwarded = call.Attempt.PassThrough is { } wire && wire.Api == api.Kind && !inWords ? wire : null;
        var (body, marking) = PromptMarks.Put(Body(call, forwarded, isStream, inWords), call, options);
        if (marking is not null) yield return new WireFacts([new PromptMarked(marking)]);
        using var request = options.Api == ProviderApi.Gemini ? requests.Gemini(body, call.Deployment.Model, isStream) : requests.Chat(body, call.Betas);
        using var answer = await SendAsync(request, call, timer);
        if (isStream && !answer.IsEventStream) throw NoStream(answer);
        var events = (forwarded, isStream) switch
        {
            (null, false) => AnswerEvents.ReadWholeAsync(answer, ReaderFor(call, inWords)),
            (null, true) => AnswerEvents.ReadStreamAsync(answer, ReaderFor(call, inWords), api.Kind, timer),
            (_, false) => AnswerEvents.ForwardWholeAsync(answer, api.NewAnswerReader(), LeftThoughtsOf(call)),
            (_, true) => AnswerEvents.ForwardStreamAsync(answer, api.NewAnswerReader(null, forwarded.ChoiceCount), api.Kind, timer, forwarded.IncludeUsage, LeftThoughtsOf(call), forwarded.ChoiceCount),
        };
        await foreach (var chatEvent in events) yield return chatEvent;
    }

    private async IAsyncEnumerable<ChatEvent> EmbedAsync(EmbeddingCall call, CallTimer timer)
    {
        if (options.Api is ProviderApi.Anthropic or ProviderApi.Gemini) throw ProblemException.Invalid($"Deployment `{call.Deployment.Name}` makes no embeddings: none are asked for over its API. Name one of a provider with `api: openai`.", "model");
        var sent = new ArrayBufferWriter<byte>(call.Request.Body.Length + 256);
        EmbeddingWire.Forward(call.Request, call.Deployment.Model, sent);
        using var request = requests.Embeddings(sent.WrittenMemory);
        using var answer = await SendAsync(request, call, timer);
        using var body = new PooledBuffer();
        await answer.ReadAllAsync(body);
        if (EmbeddingWire.ReadUsage(body.Written.Span) is { } usage) yield return new WireFacts([new UsageReported(usage)]);
        using var rewritten = new PooledBuffer();
        bool isAsAsked = !EmbeddingEncodings.Rewrite(body.Written.Span, call.Request.Encoding, rewritten);
        yield return new WireFrames(isAsAsked ? body.Written : rewritten.Written, IsLast: true);
    }

    private async IAsyncEnumerable<ChatEvent> CompleteAsync(CompletionCall call, CallTimer timer)
    {
        if (options.Api is not (ProviderApi.OpenAi or ProviderApi.OpenAiResponses)) throw ProblemException.Invalid($"Deployment `{call.Deployment.Name}` goes on with no texts: its API has no call for that.", "model");
        using var request = requests.Completions(CompletionForwarding.Body(call));
        using var answer = await SendAsync(request, call, timer);
        if (call.Request.Settings.Stream && !answer.IsEventStream) throw NoStream(answer);
        await foreach (var chatEvent in CompletionForwarding.EventsOf(answer, call, timer)) yield return chatEvent;
    }

    private async IAsyncEnumerable<ChatEvent> CountTokensAsync(TokenCountCall call, CallTimer timer)
    {
        if (options.Api != ProviderApi.Anthropic) throw ProblemException.Invalid($"Deployment `{call.Deployment.Name}` cannot count tokens: its API has no call for that. Name one of a provider with `api: anthropic`.", "model");
        var sent = new ArrayBufferWriter<byte>(call.Request.Body.Length + 256);
        WireForward.Write(call.Request, new WireTarget(call.Deployment.Model, Stream: false, options.Server), maxOutputTokens: null, sent);
        using var request = requests.TokenCount(sent.WrittenMemory, call.Request.Betas);
        using var answer = await SendAsync(request, call, timer);
        using var body = new PooledBuffer();
        await answer.ReadAllAsync(body);
        if (TokenCount.Read(body.Written.Span) is null) throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, "The upstream's answer holds no token count.", Code: "answer_malformed"));
        yield return new WireFrames(body.Written, IsLast: true);
    }

    private async ValueTask<UpstreamAnswer> SendAsync(HttpRequestMessage request, ProviderCall call, CallTimer timer)
    {
        var answer = await UpstreamAnswer.ToAsync(request, connections.For(call.Deployment.Timeouts.Connect), timer);
        if (answer.IsServed) return answer;
        using (answer) throw await UpstreamRefusal.OfAsync(answer, api, time);
    }

    private ReadOnlyMemory<byte> Body(ChatCall call, WireRequest? forwarded, bool isStream, bool inWords)
    {
        // Not from the pool: a call that ends early may leave its body still being sent.
        var body = new ArrayBufferWriter<byte>((forwarded?.Body.Length ?? 4096) + 256);
        var rule = call.Deployment.EffortOn(options);
        var target = new WireTarget(call.Deployment.Model, isStream, options.Server) { Thinking = call.Thinking, Maker = rule.SealedBy };
        if (forwarded is not null && ForwardRules.MayForward(forwarded, call, rule))
        {
            WireForward.Write(forwarded, target, maxOutputTokens: null, body);
            return body.WrittenMemory;
        }

        var warnings = new List<string>();
        var asked = FittingCallIds.For(ReplayedReasoning.For(call.Attempt.Request, rule, warnings), call.Deployment.NameOfFamily);
        if (inWords) asked = ToolsInWords.Say(asked, call);
        if (forwarded is null && asked.Api == api.Kind) UnreadAnswers.Check(call.Attempt.Request, warnings);
        api.WriteRequest(asked.Api == api.Kind ? asked : StableTools.Of(asked), target, body, warnings);
        foreach (string warning in warnings) call.Trace.Warn(warning);
        return body.WrittenMemory;
    }

    private AnswerReader ReaderFor(ChatCall call, bool inWords)
    {
        int choices = call.Attempt.Request.ChoiceCount;
        var reader = LeftThoughtsOf(call)?.NewReader(choices) ?? api.NewAnswerReader(call.Deployment.EffortOn(options).SealedBy, choices);
        return inWords ? new SpokenCallsReader(reader, call.Attempt.Request.Tools) : reader;
    }

    /// <summary>Servers of OpenAI's API that are not told how a model marks its thoughts leave them in the text.</summary>
    private LeftThoughts? LeftThoughtsOf(ChatCall call)
    {
        if (api.Kind != WireApiKind.OpenAiChat || call.Deployment.EffortOn(options) is not { Family: { } family, Thinks: not Thinks.Never, Seals: false } rule) return null;
        bool mayStartInThought = rule.StartsInThought && call.Thinking?.Applied != "off";
        return leftThoughts.GetOrAdd((family, mayStartInThought), static key => TextStyles.For(key.Family).Thoughts is { } marks ? new LeftThoughts(marks, key.MayStart) : null);
    }

    private Problem? Explain(Exception exception, CallTimer timer) => UpstreamFailure.Explain(exception, timer) is { } problem ? redaction.Apply(problem) : null;

    private static ProblemException NoStream(UpstreamAnswer answer) => new(new Problem(
        ProblemKind.UpstreamFailed, $"The upstream answered with `{answer.ContentType}` where an event stream was asked for.", Code: "answer_malformed"));
}
