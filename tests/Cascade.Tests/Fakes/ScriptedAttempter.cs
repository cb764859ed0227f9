using System.Runtime.CompilerServices;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Tests.Fakes;

/// <summary>An attempter whose deployments answer from scripts, one script per call, the last for ever. Keeps the contract: every call is opened and closed.</summary>
internal sealed class ScriptedAttempter(TimeProvider time) : IAttempter
{
    private readonly Dictionary<string, Queue<Script>> scripts = [];

    public Dictionary<string, Price> Prices { get; } = [];

    public List<AttemptRequest> Asked { get; } = [];

    /// <summary>How many attempts run now.</summary>
    public int Running { get; private set; }

    public ScriptedAttempter On(string deployment, params Script[] answers)
    {
        scripts[deployment] = new Queue<Script>(answers);
        return this;
    }

    public ScriptedAttempter On(string deployment, params string[] texts) => On(deployment, [.. texts.Select(text => Script.Says(text))]);

    public Price? PriceOf(string deployment) => Prices.GetValueOrDefault(deployment);

    public int MaxOutputTokensOf(string deployment) => 100;

    public async IAsyncEnumerable<ChatEvent> AttemptAsync(AttemptRequest attempt, RequestTrace trace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked.Add(attempt);
        string deployment = attempt.Targets[0];
        var queue = scripts[deployment];
        var script = queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        var record = trace.Open(new AttemptRecord { Deployment = deployment, Purpose = attempt.Purpose, Stage = attempt.Stage, Started = time.GetUtcNow() });
        Running++;
        try
        {
            foreach (var step in script.Steps)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                if (step.Before is { } before) await before(cancellationToken);
                Close(record, step.Event);
                yield return step.Event;
            }

            if (record.Status is AttemptStatus.Running) record.Status = AttemptStatus.Completed;
        }
        finally
        {
            if (record.Status is AttemptStatus.Running) record.Status = AttemptStatus.Cancelled;
            record.Duration = time.GetUtcNow() - record.Started;
            Running--;
        }
    }

    private void Close(AttemptRecord record, ChatEvent chatEvent)
    {
        record.TimeToFirstToken ??= chatEvent is AttemptFailed ? null : TimeSpan.Zero;
        if (chatEvent is AttemptFailed failed) (record.Status, record.Problem) = (AttemptStatus.Failed, failed.Problem);
        if (chatEvent is ChoiceFinished finished) record.FinishReason = finished.Reason;
        if (chatEvent is WireFrames { IsLast: true }) record.Status = AttemptStatus.Completed;
        if (chatEvent is not UsageReported usage) return;
        record.Usage = usage.Usage;
        record.Cost = PriceOf(record.Deployment)?.CostOf(usage.Usage) ?? Cost.Unknown;
    }
}

/// <summary>What a deployment answers once.</summary>
internal sealed record Script(IReadOnlyList<(ChatEvent Event, Func<CancellationToken, Task>? Before)> Steps)
{
    /// <summary>The text in pieces, a finish, and usage.</summary>
    public static Script Says(string text, FinishReason reason = FinishReason.Stop, int pieces = 1, long input = 10, long output = 20)
    {
        int size = Math.Max(1, (text.Length + pieces - 1) / pieces);
        var deltas = text.Chunk(size).Select(piece => new TextDelta(0, new string(piece)));
        return Of([new AnswerStarted("id", "model"), .. deltas, new ChoiceFinished(0, reason), new UsageReported(new Usage { InputTokens = input, OutputTokens = output })]);
    }

    /// <summary>Several choices, each with a text.</summary>
    public static Script SaysEach(params string[] texts) => Of(
        [new AnswerStarted("id", "model"), .. texts.SelectMany((text, i) => new ChatEvent[] { new TextDelta(i, text), new ChoiceFinished(i, FinishReason.Stop) }), new UsageReported(new Usage { InputTokens = 10, OutputTokens = 20 })]);

    public static Script Fails(ProblemKind kind = ProblemKind.UpstreamFailed) => Of(new AttemptFailed(new Problem(kind, "It broke.")));

    public static Script Calls(params ToolCall[] calls) => Of(
        [new AnswerStarted("id", "model"), .. calls.Select((call, i) => new ToolCallDelta(0, i, call.Id, call.Name, call.Arguments)), new ChoiceFinished(0, FinishReason.ToolCalls)]);

    public static Script Of(params ChatEvent[] events) => new([.. events.Select(chatEvent => (chatEvent, (Func<CancellationToken, Task>?)null))]);

    /// <summary>The same, with something to do before the event at <paramref name="index"/>.</summary>
    public Script Before(int index, Func<CancellationToken, Task> what) =>
        new([.. Steps.Select((step, i) => i == index ? (step.Event, what) : step)]);

    /// <summary>The same, hanging before the event at <paramref name="index"/> until it is cancelled.</summary>
    public Script Stalls(int index, TimeProvider time) => Before(index, token => Task.Delay(Timeout.InfiniteTimeSpan, time, token));
}
