using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Reporting;
using Countersign.Gateway.Ledger.Sqlite;

namespace Countersign.Gateway.Tests.Ledger.Sqlite;

public sealed class ReportTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new(Sample.Noon);
    private SqliteLedger ledger = null!;
    private int last;

    public ValueTask InitializeAsync()
    {
        ledger = SqliteLedger.Open(folder.File("ledger.db"), time);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ledger.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Report_OfARoute_CountsWhatBecameOfItsRequests()
    {
        for (int i = 0; i < 6; i++) await RoutedAsync(CascadeEnd.Accepted, (AttemptPurpose.Draft, 0.001m));
        for (int i = 0; i < 2; i++) await RoutedAsync(CascadeEnd.Accepted, (AttemptPurpose.Draft, 0.001m), (AttemptPurpose.Repair, 0.002m));
        await RoutedAsync(CascadeEnd.Accepted, (AttemptPurpose.Draft, 0.001m), (AttemptPurpose.Repair, 0.002m), (AttemptPurpose.Escalation, 0.03m));
        await RoutedAsync(CascadeEnd.BestSoFar, (AttemptPurpose.Draft, 0.001m), (AttemptPurpose.Escalation, 0.03m));
        await RoutedAsync(CascadeEnd.Failed, status: 502, attempts: (AttemptPurpose.Draft, 0.001m));
        await RoutedAsync(CascadeEnd.Cancelled, status: 499, attempts: (AttemptPurpose.Draft, 0.001m));

        var row = Assert.Single(Read().Rows);

        Assert.Equal(("invoice", 12, 6, 3, 2, 1, 1), (row.Name, row.Requests, row.AcceptedDrafts, row.Repaired, row.Escalated, row.Failed, row.Cancelled));
        Assert.Equal(new StoredCost(0.078m, true), row.Cost);
        Assert.Equal(new SuccessCount(0, 0, 9, 11), row.Successes);
        Assert.Equal(0.077 / 9, row.CostPerSuccess!.Usd!.Value, 12); // The cancelled request's outcome is not known.
        Assert.True(row.CostPerSuccess.Low < row.CostPerSuccess.Usd && row.CostPerSuccess.Usd < row.CostPerSuccess.High);
        Assert.Null(row.StrongOnly);
    }

    [Fact]
    public async Task Success_ReportedAuditedOrProvisional_IsCountedByTheBestWord()
    {
        string both = await RoutedAsync(CascadeEnd.Accepted), audited = await RoutedAsync(CascadeEnd.Accepted), reported = await RoutedAsync(CascadeEnd.BestSoFar);
        await RoutedAsync(CascadeEnd.Accepted);
        await AuditAsync(both, true);
        await ReportAsync(both, false);
        await AuditAsync(audited, true);
        await ReportAsync(reported, true);

        Assert.Equal(new SuccessCount(1, 1, 1, 4), Read().Total.Successes);
    }

    [Fact]
    public async Task Success_OfPlainAnswers_IsNotKnownUntilReported()
    {
        ledger.Settle(Sample.Plain("p1"));
        ledger.Settle(Sample.Plain("p2"));
        Assert.Null(Read().Total.CostPerSuccess);

        await ReportAsync("p2", true);

        Assert.Equal(new SuccessCount(1, 0, 0, 1), Read().Total.Successes);
        Assert.Equal(new CostPerSuccess(0.001, null, null, true), Read().Total.CostPerSuccess);
    }

    [Fact]
    public async Task StrongOnly_MeasuredByPlainRequests_StandsBesideTheRoute()
    {
        await RoutedAsync(CascadeEnd.Accepted, (AttemptPurpose.Draft, 0.001m), (AttemptPurpose.Escalation, 0.03m));
        for (int i = 0; i < 20; i++)
        {
            ledger.Settle(Sample.Request($"s{i}", Sample.Attempt(AttemptPurpose.Plain, Cost.Of(0.03m), "strong")) with { Model = "strong" });
            await ReportAsync($"s{i}", i % 10 != 0);
        }

        var report = Read();

        Assert.Equal(["invoice", "strong"], report.Rows.Select(row => row.Name));
        var strong = report.Rows[0].StrongOnly!;
        Assert.Equal(("strong", 20, 18), (strong.Deployment, strong.Requests, strong.Successes.Total));
        Assert.Equal(0.6 / 18, strong.CostPerSuccess!.Usd!.Value, 12);
        Assert.Null(report.Rows[1].StrongOnly);
    }

    [Fact]
    public async Task StrongOnly_MeasuredByAudits_IsAsRightAsReportAndFindingTogetherSay()
    {
        for (int i = 0; i < 10; i++)
        {
            string id = await RoutedAsync(CascadeEnd.Accepted);
            var answer = Sample.Attempt(AttemptPurpose.Audit, Cost.Of(0.02m), "strong");
            var judging = Sample.Attempt(AttemptPurpose.Judge, Cost.Of(0.5m), "strong");
            await ledger.RecordAuditAsync(new Audit { RequestId = id, Auditor = "strong", Success = i < 8, Attempts = [answer, judging] });
            if (i is 0 or 1 or 8) await ReportAsync(id, i is 0 or 8); // Same and right, same and wrong, another than the right one.
        }

        var strong = Read().Rows.Single().StrongOnly!;

        Assert.Equal(("strong", 10, 10), (strong.Deployment, strong.Requests, strong.Audits));
        Assert.Equal(new SuccessCount(1, 0, 7, 10), strong.Successes);
        Assert.Equal(0.2 / 8, strong.CostPerSuccess!.Usd!.Value, 12);
    }

    [Fact]
    public async Task StrongOnly_MeasuredByPlainRequestsAndAudits_CountsBoth()
    {
        string audited = await RoutedAsync(CascadeEnd.Accepted, (AttemptPurpose.Draft, 0.001m), (AttemptPurpose.Escalation, 0.03m));
        await ledger.RecordAuditAsync(new Audit { RequestId = audited, Auditor = "strong", Success = true, Attempts = [Sample.Attempt(AttemptPurpose.Audit, Cost.Of(0.02m), "strong")] });
        ledger.Settle(Sample.Request("s1", Sample.Attempt(AttemptPurpose.Plain, Cost.Of(0.04m), "strong")) with { Model = "strong" });
        await ReportAsync("s1", true);

        var strong = Read().Rows[0].StrongOnly!;

        Assert.Equal((2, 1, 2), (strong.Requests, strong.Audits, strong.Successes.Total));
        Assert.Equal(0.03, strong.CostPerSuccess!.Usd!.Value, 12);
    }

    [Fact]
    public async Task Success_OfAStrongerStageThatNothingJudges_IsProvisional()
    {
        await RoutedAsync(CascadeEnd.Answered, (AttemptPurpose.Draft, 0.001m), (AttemptPurpose.Escalation, 0.03m));

        Assert.Equal(new SuccessCount(0, 0, 1, 1), Read().Total.Successes);
        Assert.Equal(0.031, Read().Total.CostPerSuccess!.Usd!.Value, 12);
    }

    [Fact]
    public async Task Cost_AtListPrices_IsMarked()
    {
        AttemptRecord[] attempts = [Sample.Attempt(AttemptPurpose.Draft, Cost.Of(0.25m)), Sample.Attempt(AttemptPurpose.Repair, Cost.Of(0.5m)), Sample.Attempt(AttemptPurpose.Escalation, Cost.Of(1m), "strong")];
        attempts[1].PriceSource = "catalogue: https://example.com/prices";
        attempts[2].PriceSource = "the contract";
        ledger.Settle(Sample.Request("r1", attempts));

        Assert.Equal(0.5m, Read().Rows.Single().ListPriced);
        Assert.Equal(0.5m, Read().Total.ListPriced);
    }

    [Fact]
    public async Task Cost_NotKnownInFull_IsSaid()
    {
        var finished = Sample.Request("r1", Sample.Attempt(AttemptPurpose.Draft, Cost.Of(0.5m)), Sample.Attempt(AttemptPurpose.Repair, Cost.Unknown));
        finished.Trace.End = CascadeEnd.Accepted;
        ledger.Settle(finished);

        Assert.Equal(new StoredCost(0.5m, false), Read().Total.Cost);
        Assert.Equal((0.5, false), (Read().Total.CostPerSuccess!.Usd, Read().Total.CostPerSuccess!.Complete));
    }

    [Fact]
    public async Task CostPerSuccess_WhereCostsAreMissing_HasNoInterval()
    {
        for (int i = 0; i < 12; i++)
        {
            var finished = Sample.Request($"r{i}", Sample.Attempt(AttemptPurpose.Draft, i % 2 == 0 ? Cost.Of(0.00002m) : Cost.Unknown));
            finished.Trace.End = CascadeEnd.Accepted;
            ledger.Settle(finished);
        }

        var cost = Read().Total.CostPerSuccess!;
        Assert.Equal((0.00001, null, null, false), (Math.Round(cost.Usd!.Value, 12), cost.Low, cost.High, cost.Complete));
    }

    [Fact]
    public async Task Cost_BeyondWhatAnIntegerHolds_IsStillSummed()
    {
        for (int i = 0; i < 5; i++) ledger.Settle(Sample.Plain($"r{i}", 8_000_000m));

        Assert.Equal(new StoredCost(40_000_000m, true), Read().Total.Cost);
    }

    [Fact]
    public async Task Report_ByOtherThings_GroupsByThem()
    {
        ledger.Settle(Sample.Plain("r1"));
        ledger.Settle(Sample.Plain("r2") with { Caller = Sample.Bob, Started = Sample.Noon.AddDays(1) });
        ledger.Settle(Sample.Request("r3") with { Status = 503, Started = Sample.Noon.AddDays(1) });

        Assert.Equal(["(no answer)", "drafter"], Names(ReportBy.Deployment));
        Assert.Equal(["Ann (key_ann)", "Bob (key_bob)"], Names(ReportBy.Caller));
        Assert.Equal(["2026-03-14", "2026-03-15"], Names(ReportBy.Day));
        Assert.Equal(2, Read(Sample.Noon.AddHours(1)).Total.Requests);
    }

    [Fact]
    public void Report_OfAnEmptyLedger_IsEmpty()
    {
        var report = Read();

        Assert.Empty(report.Rows);
        Assert.Equal((0, new StoredCost(0, true), null), (report.Total.Requests, report.Total.Cost, report.Total.CostPerSuccess));
    }

    private Report Read(DateTimeOffset? since = null) => ledger.ReadReport(new ReportQuery(ReportBy.Route, since));

    private IEnumerable<string> Names(ReportBy by) => ledger.ReadReport(new ReportQuery(by, null)).Rows.Select(row => row.Name);

    private Task<string> RoutedAsync(CascadeEnd end, params (AttemptPurpose Purpose, decimal Usd)[] attempts) => RoutedAsync(end, 200, attempts);

    private async Task<string> RoutedAsync(CascadeEnd end, int status, params (AttemptPurpose Purpose, decimal Usd)[] attempts)
    {
        if (attempts.Length == 0) attempts = [(AttemptPurpose.Draft, 0.001m)];
        var records = attempts.Select(made => Sample.Attempt(made.Purpose, Cost.Of(made.Usd), made.Purpose == AttemptPurpose.Escalation ? "strong" : "drafter"));
        var finished = Sample.Request($"r{++last}", [.. records]) with { Model = "invoice", Route = "invoice", Status = status };
        finished.Trace.End = end;
        finished.Trace.Accepted = end == CascadeEnd.Accepted;
        ledger.Settle(finished);
        return finished.Id;
    }

    private Task AuditAsync(string id, bool success) => ledger.RecordAuditAsync(new Audit { RequestId = id, Auditor = "strong", Success = success });

    private Task<StoredOutcome> ReportAsync(string id, bool success) => ledger.RecordOutcomeAsync(new Outcome { RequestId = id, Success = success }, Sample.Ann);
}
