using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Running;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Cascade.Tests.Laws;

/// <summary>A cascade made from a seed: random stages, validators, drafts, splits and faults. A good draft is made of the letters g and o, a bad one also holds
/// letters that are its attempt's alone, so that one byte of it would show.</summary>
internal sealed class RandomCascade : IAttempter, IDisposable
{
    private static readonly string[] Deployments = ["a", "b", "c", "unpriced"];
    private readonly Random random;
    private readonly CancellationTokenSource caller = new();
    private int calls;

    public RandomCascade(int seed)
    {
        random = new Random(seed);
        Route = MakeRoute();
        Cancels = random.Next(20) == 0;
    }

    public Route Route { get; }

    public RequestTrace Trace { get; } = new();

    public List<ChatEvent> Events { get; } = [];

    public bool Cancels { get; }

    public bool Threw { get; private set; }

    /// <summary>What each attempt that brought something said, by its number.</summary>
    public Dictionary<int, string> Said { get; } = [];

    public int Running { get; private set; }

    public string Text => string.Concat(Events.Select(TextOf));

    public static string TextOf(ChatEvent chatEvent) => chatEvent switch
    {
        TextDelta e => e.Text,
        ReasoningDelta e => e.Text,
        ToolCallDelta e => e.Arguments,
        _ => "",
    };

    public async Task RunAsync()
    {
        var request = new CascadeRequest { Route = Route, Request = new ChatRequest { Api = WireApiKind.OpenAiChat, Model = "r", Messages = [ChatMessage.Of(ChatRole.User, "?")] } };
        try
        {
            await foreach (var chatEvent in new CascadeRunner(TimeProvider.System).RunAsync(request, Trace, this, caller.Token)) Events.Add(chatEvent);
        }
        catch (OperationCanceledException)
        {
            Threw = true;
        }
    }

    public void Dispose() => caller.Dispose();

    public Price? PriceOf(string deployment) => deployment == "unpriced" ? null : new Price { Input = 1, Output = 2 };

    public int MaxOutputTokensOf(string deployment) => 50;

    public async IAsyncEnumerable<ChatEvent> AttemptAsync(AttemptRequest attempt, RequestTrace trace, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string deployment = attempt.Targets[0];
        var record = trace.Open(new AttemptRecord { Deployment = deployment, Purpose = attempt.Purpose, Stage = attempt.Stage, Started = default });
        Running++;
        try
        {
            foreach (var chatEvent in Draft(attempt.Stage, attempt.Request.MaxOutputTokens ?? int.MaxValue))
            {
                if (random.Next(4) == 0) await Task.Yield();
                if (Cancels && random.Next(6) == 0) await caller.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                Note(record, chatEvent);
                yield return chatEvent;
                if (chatEvent is AttemptFailed) yield break;
            }

            record.Status = AttemptStatus.Completed;
        }
        finally
        {
            if (record.Status is AttemptStatus.Running) record.Status = AttemptStatus.Cancelled;
            Running--;
        }
    }

    private void Note(AttemptRecord record, ChatEvent chatEvent)
    {
        Said[record.Number] = Said.GetValueOrDefault(record.Number, "") + TextOf(chatEvent);
        if (chatEvent is AttemptFailed failed) (record.Status, record.Problem) = (AttemptStatus.Failed, failed.Problem);
        else record.TimeToFirstToken ??= TimeSpan.Zero;
        if (chatEvent is UsageReported reported) (record.Usage, record.Cost) = (reported.Usage, PriceOf(record.Deployment)?.CostOf(reported.Usage) ?? Cost.Unknown);
    }

    private IEnumerable<ChatEvent> Draft(int stage, int cap)
    {
        yield return new AnswerStarted("id", "m");
        int length = 0;
        foreach (var chatEvent in Enumerable.Range(0, random.Next(5) == 0 ? 3 : 1).SelectMany(choice => Choice(choice, stage)))
        {
            length += TextOf(chatEvent).Length;
            yield return chatEvent;
        }

        if (random.Next(8) > 0) yield return new UsageReported(new Usage { InputTokens = random.Next(60), OutputTokens = Math.Min(cap, length) });
    }

    private IEnumerable<ChatEvent> Choice(int choice, int stage)
    {
        char mark = (char)('A' + calls++ % 26);
        bool good = random.Next(3 + stage) >= 2;
        int fault = random.Next(12) == 0 ? random.Next(6) : int.MaxValue;
        string text = random.Next(2) == 0 ? "g" : new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(2) == 0 ? 'g' : 'o')]);
        if (!good) text = text.Insert(random.Next(text.Length + 1), new string(mark, random.Next(1, 5)));
        for (int at = 0, sent = 0; at < text.Length; sent++)
        {
            if (sent == fault) yield return new AttemptFailed(new Problem(ProblemKind.UpstreamFailed, "cut"));
            int size = Math.Min(random.Next(1, 9), text.Length - at);
            string piece = text.Substring(at, size);
            at += size;
            yield return random.Next(5) switch { 0 => new ReasoningDelta(choice, piece), 1 => new ToolCallDelta(choice, 0, "id", "f", piece), _ => new TextDelta(choice, piece) };
        }

        yield return new ChoiceFinished(choice, random.Next(10) == 0 ? FinishReason.Length : FinishReason.Stop);
    }

    private Route MakeRoute()
    {
        bool sees = random.Next(2) == 0;
        var validator = new FakeValidator(Judge) { Prefix = sees ? chatEvent => TextOf(chatEvent).Any(char.IsUpper) ? new Finding("bad") : null : null };
        return new Route
        {
            Name = "r",
            Draft = MakeStage(),
            Escalation = [.. Enumerable.Range(0, random.Next(3)).Select(_ => MakeStage())],
            Validators = random.Next(6) == 0 ? [validator, new FakeValidator(_ => Verdict.Unknown("?"), "unknown", ValidatorCost.Network)] : [validator],
            Repair = new RepairPolicy(random.Next(3)),
            WhenExhausted = WhenExhausted.Error,
            UnknownMeans = random.Next(2) == 0 ? VerdictKind.Accept : VerdictKind.Reject,
            Limits = new RouteLimits(MaxUsd: random.Next(4) == 0 ? random.Next(1, 1000) / 1_000_000m : null, MaxAttempts: random.Next(1, 9)),
        };
    }

    private Stage MakeStage()
    {
        int? cap = random.Next(4) == 0 ? 30 : null;
        return random.Next(3) == 0
            ? new Stage { Deployments = Deployments[..random.Next(1, 4)], Samples = 2, Agreement = new AgreementPolicy(2, "exact"), MaxOutputTokens = cap }
            : new Stage { Deployments = [Deployments[random.Next(Deployments.Length)]], MaxOutputTokens = cap };
    }

    private static Verdict Judge(Draft draft)
    {
        var choice = draft.Answer.Choices[0];
        string all = choice.Text + string.Concat(choice.Reasoning.Select(part => part.Text)) + string.Concat(choice.ToolCalls.Select(call => call.Arguments));
        return all.Any(char.IsUpper) ? Verdict.Reject(new Finding("bad")) : Verdict.Accept;
    }
}
