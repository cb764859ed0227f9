using System.Runtime.CompilerServices;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Providers.Http;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Tests.Dispatch;

/// <summary>A provider whose calls follow a script: each call takes the next entry of its deployment, the last one again and again.</summary>
internal sealed class ScriptedProvider : IProvider
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<Func<ProviderCall, CancellationToken, IAsyncEnumerable<ChatEvent>>>> scripts = [];

    /// <summary>The deployments called, in order.</summary>
    public List<string> Calls { get; } = [];

    public ScriptedProvider Answer(string deployment, string text = "hello", Usage? usage = null) =>
        Add(deployment, (call, _) => Yield(
            new AnswerStarted("id", call.Deployment.Model + "-0613"),
            new TextDelta(0, text),
            new ChoiceFinished(0, FinishReason.Stop),
            new UsageReported(usage ?? new Usage { InputTokens = 1000, OutputTokens = 100 })));

    public ScriptedProvider Fail(string deployment, Problem problem) => Add(deployment, (_, _) => Yield(new AttemptFailed(problem)));

    public ScriptedProvider Fail(string deployment, int status, TimeSpan? retryAfter = null) => Fail(deployment, new Problem(
        status == 429 ? ProblemKind.RateLimited : status >= 500 ? ProblemKind.UpstreamFailed : ProblemKind.InvalidRequest,
        $"status {status}", RetryAfter: retryAfter, UpstreamStatus: status));

    public ScriptedProvider Events(string deployment, params ChatEvent[] events) => Add(deployment, (_, _) => Yield(events));

    /// <summary>The events, then nothing until the caller gives up.</summary>
    public ScriptedProvider Stall(string deployment, params ChatEvent[] events) => Add(deployment, (_, token) => StallAfter(events, token));

    public ScriptedProvider Add(string deployment, Func<ProviderCall, CancellationToken, IAsyncEnumerable<ChatEvent>> script)
    {
        if (!scripts.TryGetValue(deployment, out var queue)) scripts[deployment] = queue = new();
        queue.Enqueue(script);
        return this;
    }

    public Problem? Explain(Exception exception, CallTimer timer) => (exception as ProblemException)?.Problem;

    public IAsyncEnumerable<ChatEvent> CallAsync(ProviderCall call, CallTimer timer)
    {
        lock (gate)
        {
            Calls.Add(call.Deployment.Name);
            var queue = scripts[call.Deployment.Name];
            return (queue.Count > 1 ? queue.Dequeue() : queue.Peek())(call, timer.Token);
        }
    }

    private static async IAsyncEnumerable<ChatEvent> Yield(params ChatEvent[] events)
    {
        foreach (var chatEvent in events)
        {
            await Task.Yield();
            if (chatEvent is AttemptFailed failed) throw new ProblemException(failed.Problem);
            yield return chatEvent;
        }
    }

    private static async IAsyncEnumerable<ChatEvent> StallAfter(ChatEvent[] events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var chatEvent in events) yield return chatEvent;
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
