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
    public IAsyncEnumerable<ChatEvent> CallAsync(ProviderCall call, CallTimer timer) => call switch
    {
        EmbeddingCall embedding => EmbedAsync(embedding, timer),
        TokenCountCall count => CountTokensAsync(count, timer),
        CompletionCall completion => Complete(completion, timer),
        InspectionCall => throw ProblemException.Invalid($"Deployment `{call.Deployment.Name}` does not run in this process: name one of a provider with `api: engine`.", "model"),
        _ => Answer((ChatCall)call, timer),
    };

    /// <inheritdoc/>
    public Problem? Explain(Exception exception, CallTimer timer) => UpstreamFailure.Explain(exception, timer) is { } problem ? redaction.Apply(problem) : null;

    private IAsyncEnumerable<ChatEvent> Answer(ChatCall call, CallTimer timer)
    {
        bool isStream = call.IsStream, inWords = ToolsInWords.AreNeeded(call, options);
        var forwarded = call.Attempt.PassThrough is { } wire && wire.Api == api.Kind && !inWords ? wire : null;
        var (body, marking) = PromptMarks.Put(Body(call, forwarded, isStream, inWords), call, options);
        var request = options.Api == ProviderApi.Gemini ? requests.Gemini(body, call.Deployment.Model, isStream) : requests.Chat(body, call.Betas);
        Func<ValueTask<UpstreamAnswer>> send = () => SendAsync(request, call, timer);
        var events = (forwarded, isStream) switch
        {
            (null, false) => AnswerEvents.ReadWholeAsync(send, ReaderFor(call, inWords)),
            (null, true) => AnswerEvents.ReadStreamAsync(send, ReaderFor(call, inWords), api.Kind, timer),
            (_, false) => AnswerEvents.ForwardWholeAsync(send, api.NewAnswerReader(), LeftThoughtsOf(call)),
            (_, true) => AnswerEvents.ForwardStreamAsync(send, api.NewAnswerReader(null, forwarded.ChoiceCount), api.Kind, timer, forwarded.IncludeUsage, LeftThoughtsOf(call), forwarded.ChoiceCount),
        };
        return marking is null ? events : events.Prepend(new WireFacts([new PromptMarked(marking)]));
    }

    private async IAsyncEnumerable<ChatEvent> EmbedAsync(EmbeddingCall call, CallTimer timer)
    {
        if (options.Api is ProviderApi.Anthropic or ProviderApi.Gemini) throw ProblemException.Invalid($"Deployment `{call.Deployment.Name}` makes no embeddings: none are asked for over its API. Name one of a provider with `api: openai`.", "model");
        var sent = new ArrayBufferWriter<byte>(call.Request.Body.Length + 256);
        EmbeddingWire.Forward(call.Request, call.Deployment.Model, sent);
        using var answer = await SendAsync(requests.Embeddings(sent.WrittenMemory), call, timer);
        using var body = new PooledBuffer();
        await answer.ReadAllAsync(body);
        if (EmbeddingWire.ReadUsage(body.Written.Span) is { } usage) yield return new WireFacts([new UsageReported(usage)]);
        using var rewritten = new PooledBuffer();
        bool isAsAsked = !EmbeddingEncodings.Rewrite(body.Written.Span, call.Request.Encoding, rewritten);
        yield return new WireFrames(isAsAsked ? body.Written : rewritten.Written, IsLast: true);
    }

    private IAsyncEnumerable<ChatEvent> Complete(CompletionCall call, CallTimer timer) => options.Api is ProviderApi.OpenAi or ProviderApi.OpenAiResponses
        ? CompletionForwarding.EventsOf(() => SendAsync(requests.Completions(CompletionForwarding.Body(call)), call, timer), call, timer)
        : throw ProblemException.Invalid($"Deployment `{call.Deployment.Name}` goes on with no texts: its API has no call for that.", "model");

    private async IAsyncEnumerable<ChatEvent> CountTokensAsync(TokenCountCall call, CallTimer timer)
    {
        if (options.Api != ProviderApi.Anthropic) throw ProblemException.Invalid($"Deployment `{call.Deployment.Name}` cannot count tokens: its API has no call for that. Name one of a provider with `api: anthropic`.", "model");
        var sent = new ArrayBufferWriter<byte>(call.Request.Body.Length + 256);
        WireForward.Write(call.Request, new WireTarget(call.Deployment.Model, Stream: false, options.Server), maxOutputTokens: null, sent);
        using var answer = await SendAsync(requests.TokenCount(sent.WrittenMemory, call.Request.Betas), call, timer);
        using var body = new PooledBuffer();
        await answer.ReadAllAsync(body);
        if (TokenCount.Read(body.Written.Span) is null) throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, "The upstream's answer holds no token count.", Code: "answer_malformed"));
        yield return new WireFrames(body.Written, IsLast: true);
    }

    private ValueTask<UpstreamAnswer> SendAsync(HttpRequestMessage request, ProviderCall call, CallTimer timer) =>
        UpstreamAnswer.ToAsync(request, connections.For(call.Deployment.Timeouts.Connect), api, call.IsStream, timer, time);

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
}
