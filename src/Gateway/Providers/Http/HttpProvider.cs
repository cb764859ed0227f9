using System.Buffers;
using System.Runtime.CompilerServices;
using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Calls models over HTTP, in OpenAI's chat or Responses API or Anthropic's Messages API. A caller's own bytes are passed on where it speaks the same API,
/// and so are the answer's; everything else is read into events.</summary>
internal sealed class HttpProvider(ProviderOptions options, UpstreamConnections connections, TimeProvider time) : IProvider
{
    private readonly WireApi api = WireApi.For(KindOf(options.Api));
    private readonly UpstreamRequests requests = new(options);
    private readonly Redaction redaction = new(options);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatEvent> CallAsync(ProviderCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isStream = call.Attempt.PassThrough?.Stream ?? call.Attempt.Request.Stream;
        using var timer = new CallTimer(call.Deployment.Timeouts, isStream, time, cancellationToken);
        await using var answer = AnswerAsync(call, isStream, timer).GetAsyncEnumerator(timer.Token);
        Problem? problem = null;
        while (problem is null)
        {
            try
            {
                if (!await answer.MoveNextAsync()) yield break;
            }
            catch (Exception e) when (cancellationToken.IsCancellationRequested || UpstreamFailure.Explain(e, timer) is not null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                problem = UpstreamFailure.Explain(e, timer);
                continue;
            }

            yield return answer.Current;
        }

        yield return new AttemptFailed(redaction.Apply(problem));
    }

    private async IAsyncEnumerable<ChatEvent> AnswerAsync(ProviderCall call, bool isStream, CallTimer timer)
    {
        var forwarded = call.Attempt.PassThrough is { } wire && wire.Api == api.Kind ? wire : null;
        using var request = requests.Create(Body(call, forwarded, isStream));
        using var answer = await UpstreamAnswer.ToAsync(request, connections.For(call.Deployment.Timeouts.Connect), timer);
        if (answer.Status is < 200 or > 299) throw await RefusalAsync(answer);
        if (isStream && !answer.IsEventStream) throw NoStream(answer);
        var events = (forwarded, isStream) switch
        {
            (null, false) => AnswerEvents.ReadWholeAsync(answer, api),
            (null, true) => AnswerEvents.ReadStreamAsync(answer, api, timer),
            (_, false) => AnswerEvents.ForwardWholeAsync(answer, api),
            (_, true) => AnswerEvents.ForwardStreamAsync(answer, api, timer, forwarded.IncludeUsage),
        };
        await foreach (var chatEvent in events) yield return chatEvent;
    }

    private ReadOnlyMemory<byte> Body(ProviderCall call, WireRequest? forwarded, bool isStream)
    {
        // Not from the pool: a call that ends early may leave its body still being sent.
        var body = new ArrayBufferWriter<byte>((forwarded?.Body.Length ?? 4096) + 256);
        var target = new WireTarget(call.Deployment.Model, isStream, options.Server);
        if (forwarded is not null)
        {
            WireForward.Write(forwarded, target, maxOutputTokens: null, body);
            return body.WrittenMemory;
        }

        var warnings = new List<string>();
        api.WriteRequest(call.Attempt.Request, target, body, warnings);
        foreach (string warning in warnings) call.Trace.Warn(warning);
        return body.WrittenMemory;
    }

    private async ValueTask<ProblemException> RefusalAsync(UpstreamAnswer answer)
    {
        using var body = new PooledBuffer();
        await answer.ReadErrorAsync(body);
        var problem = api.ReadProblem(answer.Status, body.Written.Span);
        return new ProblemException(problem with { RetryAfter = answer.RetryAfter(time) ?? problem.RetryAfter, UpstreamStatus = answer.Status });
    }

    private static ProblemException NoStream(UpstreamAnswer answer) => new(new Problem(
        ProblemKind.UpstreamFailed, $"The upstream answered with `{answer.ContentType}` where an event stream was asked for.", Code: "answer_malformed"));

    private static WireApiKind KindOf(ProviderApi api) => api switch
    {
        ProviderApi.OpenAi => WireApiKind.OpenAiChat,
        ProviderApi.OpenAiResponses => WireApiKind.OpenAiResponses,
        ProviderApi.Anthropic => WireApiKind.AnthropicMessages,
        _ => throw new ArgumentOutOfRangeException(nameof(api), api, "This API is not spoken over HTTP."),
    };
}
