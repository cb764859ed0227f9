using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Access;
using Countersign.Gateway.Ledger;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.PromptCaching;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Tests.Ledger;

/// <summary>Finished requests to settle.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    public static readonly Caller Ann = new() { Id = "key_ann", Name = "Ann" };

    public static readonly Caller Bob = new() { Id = "key_bob", Name = "Bob" };

    /// <summary>An attempt that was completed.</summary>
    public static AttemptRecord Attempt(AttemptPurpose purpose, Cost cost, string deployment = "drafter", int stage = 0) => new()
    {
        Deployment = deployment,
        Purpose = purpose,
        Stage = stage,
        Started = Noon,
        Status = AttemptStatus.Completed,
        Duration = TimeSpan.FromMilliseconds(40),
        Cost = cost,
    };

    /// <summary>A request with these attempts; the last won.</summary>
    public static FinishedRequest Request(string id, params AttemptRecord[] attempts)
    {
        var trace = new RequestTrace { End = CascadeEnd.Answered };
        foreach (var attempt in attempts) trace.Winner = trace.Open(attempt);
        return new FinishedRequest { Id = id, Caller = Ann, Model = "drafter", Started = Noon, Duration = TimeSpan.FromMilliseconds(50), Status = 200, Trace = trace };
    }

    /// <summary>A plain request of one attempt.</summary>
    public static FinishedRequest Plain(string id, decimal usd = 0.001m) => Request(id, Attempt(AttemptPurpose.Plain, Cost.Of(usd)));

    /// <summary>A request through a route whose draft was rejected and whose second stage was accepted, with every field set.</summary>
    public static FinishedRequest Escalated(string id)
    {
        var draft = new AttemptRecord
        {
            Deployment = "drafter",
            Provider = "fleet",
            RequestModel = "Qwen/Qwen3-30B-A3B",
            ResponseModel = "qwen3-30b",
            Purpose = AttemptPurpose.Draft,
            Started = Noon,
            TimeToFirstToken = TimeSpan.FromMilliseconds(12.5),
            Duration = TimeSpan.FromMilliseconds(100),
            Status = AttemptStatus.CutOff,
            FinishReason = FinishReason.Length,
            Usage = new Usage { InputTokens = 100, CachedInputTokens = 64, OutputTokens = 20 },
            PriceSource = "catalogue: a list",
            PromptCache = new CacheMarking(["tools", "history"], Key: true),
            SavedUsd = 0.0000123m,
            Cost = Cost.Of(0.0000375m),
        };
        var strong = Attempt(AttemptPurpose.Escalation, Cost.Unknown, "strong", stage: 1);
        var finished = Request(id, draft, strong) with { Model = "invoice", Route = "invoice", RouteVersion = "v1", Api = WireApiKind.OpenAiChat, Stream = true };
        finished.Trace.End = CascadeEnd.Accepted;
        finished.Trace.Accepted = true;
        finished.Trace.Warn("seed is not carried");
        finished.Trace.Add(new VerdictRecord(1, "quotes", Verdict.Reject(new Finding("The vendor is not in the text.", "/vendor")), TimeSpan.FromMilliseconds(2), OnPrefix: true));
        finished.Trace.Add(new VerdictRecord(2, "judge", Verdict.AcceptWith(0.9), TimeSpan.FromMilliseconds(3)));
        return finished;
    }
}
