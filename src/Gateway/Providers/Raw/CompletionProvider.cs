using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Countersign.Gateway.Pipeline;
using Countersign.Gateway.Providers.Http;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Completions;

namespace Countersign.Gateway.Providers.Raw;

/// <summary>Asks servers that take a prompt as text and go on with it: <c>/v1/completions</c>, or llama-server's <c>/completion</c>. The prompt is made from the model's chat template here,
/// and reasoning and tool calls are read out of the text, as for the engine.</summary>
internal sealed class CompletionProvider(ProviderOptions options, UpstreamConnections connections, TimeProvider time) : IProvider
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1); // A server may be started again with another model.
    private static readonly WireApi OpenAi = WireApi.For(WireApiKind.OpenAiChat);

    private readonly UpstreamRequests requests = new(options);
    private readonly Redaction redaction = new(options);
    private readonly ConcurrentDictionary<string, (KnownTemplate Template, long Since)> templates = new();

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatEvent> CallAsync(ProviderCall call, CallTimer timer) => call switch
    {
        ChatCall chat => AnswerAsync(chat, timer),
        CompletionCall completion => CompletionForwarding.EventsOf(() => SendAsync(requests.Completions(CompletionForwarding.Body(completion)), call, call.IsStream, timer), completion, timer),
        _ => throw ProblemException.Invalid($"Deployment `{call.Deployment.Name}` answers chats and goes on with texts only.", "model"),
    };

    /// <inheritdoc/>
    public Problem? Explain(Exception exception, CallTimer timer) => UpstreamFailure.Explain(exception, timer) is { } problem ? redaction.Apply(problem) : null;

    private async IAsyncEnumerable<ChatEvent> AnswerAsync(ChatCall call, CallTimer timer)
    {
        var known = await TemplateOfAsync(call, timer);
        var prompt = RawPrompt.Of(call, known);
        if (prompt.Request.ResponseFormat is { Kind: not ResponseFormatKind.Text } && options.Server is not ("vllm" or "sglang" or "llama.cpp")) call.Trace.Warn("response_format: sent, but whether this server enforces it is not known.");
        var body = new ArrayBufferWriter<byte>(prompt.Text.Length + 512);
        CompletionRequestWriter.Write(prompt.Request, prompt.Text, prompt.Chat.Style, new WireTarget(call.Deployment.Model, call.IsStream, options.Server), body);
        Func<ValueTask<UpstreamAnswer>> send = () => SendAsync(requests.Chat(body.WrittenMemory), call, call.IsStream, timer);
        var reader = new CompletionAnswerReader(call.Attempt.Request.ChoiceCount);
        var raw = new RawAnswer(prompt.Chat, prompt.StartsInThought);
        await foreach (var chatEvent in call.IsStream ? Http.AnswerEvents.ReadStreamAsync(send, reader, WireApiKind.OpenAiChat, timer) : Http.AnswerEvents.ReadWholeAsync(send, reader))
        {
            foreach (var read in raw.EventsOf(chatEvent)) yield return read;
        }
    }

    private async ValueTask<KnownTemplate> TemplateOfAsync(ChatCall call, CallTimer timer)
    {
        string key = call.Deployment.Template ?? "";
        if (templates.TryGetValue(key, out var known) && (key.Length > 0 || time.GetElapsedTime(known.Since) < Remembered)) return known.Template;
        var template = key.Length > 0 ? KnownTemplate.Read(key) : await AskedTemplateAsync(call, timer);
        templates[key] = (template, time.GetTimestamp());
        return template;
    }

    private async ValueTask<KnownTemplate> AskedTemplateAsync(ChatCall call, CallTimer timer)
    {
        using var answer = await SendAsync(requests.Properties(), call, isStream: false, timer);
        using var body = new PooledBuffer();
        await answer.ReadAllAsync(body);
        try
        {
            return KnownTemplate.OfProperties(body.Written.Span);
        }
        catch (JsonException)
        {
            throw Malformed("The upstream's /props is no JSON, so that its chat template is not known. Name a file: `template`.");
        }
    }

    private ValueTask<UpstreamAnswer> SendAsync(HttpRequestMessage request, ProviderCall call, bool isStream, CallTimer timer) =>
        UpstreamAnswer.ToAsync(request, connections.For(call.Deployment.Timeouts.Connect), OpenAi, isStream, timer, time);

    private static ProblemException Malformed(string message) => new(new Problem(ProblemKind.UpstreamFailed, message, Code: "answer_malformed"));
}
