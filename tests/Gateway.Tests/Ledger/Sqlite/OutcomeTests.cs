using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Access;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Tests.Ledger.Sqlite;

public sealed class OutcomeTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new(Sample.Noon);
    private SqliteLedger ledger = null!;

    public async ValueTask InitializeAsync()
    {
        ledger = SqliteLedger.Open(folder.File("ledger.db"), time);
        ledger.Settle(Sample.Escalated("r1"));
    }

    public async ValueTask DisposeAsync()
    {
        await ledger.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Outcome_CorrectedLater_WinsAndTheEarlierIsKept()
    {
        var first = await ReportAsync(new Outcome { RequestId = "r1", Success = true, Score = 0.75, Source = "user", Note = "fine" });
        time.Advance(TimeSpan.FromDays(2));
        var second = await ReportAsync(new Outcome { RequestId = "r1", Success = false, Source = "audit department" });

        var stored = await GetAsync();
        Assert.Equal([first, second], stored.Outcomes);
        Assert.Equal(new StoredOutcome(1, Sample.Noon, true, 0.75, "user", "fine"), first);
        Assert.Equal(new StoredOutcome(2, Sample.Noon.AddDays(2), false, null, "audit department", null), second);
        Assert.Equal(0L, Value("SELECT reported FROM requests WHERE id = 'r1'"));
    }

    [Fact]
    public async Task Outcome_SentTwiceWithOneKey_CountsOnce()
    {
        var outcome = new Outcome { RequestId = "r1", Success = true, Score = 0.5, IdempotencyKey = "k" };

        var sent = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReportAsync(outcome)));

        Assert.Single(sent.Distinct());
        Assert.Single((await GetAsync()).Outcomes);
    }

    [Fact]
    public async Task Outcome_OtherThanBeforeWithOneKey_IsRefused()
    {
        ledger.Settle(Sample.Plain("r2"));
        await ReportAsync(new Outcome { RequestId = "r1", Success = true, IdempotencyKey = "k" });

        Assert.Equal("idempotency_key_reused", (await RefusedAsync(new Outcome { RequestId = "r1", Success = false, IdempotencyKey = "k" })).Code);
        Assert.Equal("idempotency_key", (await RefusedAsync(new Outcome { RequestId = "r2", Success = true, IdempotencyKey = "k" })).Param);
        Assert.Single((await GetAsync()).Outcomes);
    }

    [Fact]
    public async Task Outcome_OfAnotherCallersRequest_LooksLikeNone()
    {
        var others = await RefusedAsync(new Outcome { RequestId = "r1", Success = true }, Sample.Bob);
        var none = await RefusedAsync(new Outcome { RequestId = "r2", Success = true }, Sample.Bob);

        Assert.Equal(ProblemKind.NotFound, others.Kind);
        Assert.Equal(none with { Message = none.Message.Replace("r2", "r1") }, others);
        Assert.Empty((await GetAsync()).Outcomes);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task Outcome_WithAScoreOutOfRange_IsRefused(double score) =>
        Assert.Equal("score", (await RefusedAsync(new Outcome { RequestId = "r1", Success = true, Score = score })).Param);

    [Fact]
    public async Task Outcome_WithTooLongTexts_IsRefused()
    {
        Assert.Equal("note", (await RefusedAsync(new Outcome { RequestId = "r1", Success = true, Note = new string('x', 4001) })).Param);
        Assert.Equal("source", (await RefusedAsync(new Outcome { RequestId = "r1", Success = true, Source = new string('x', 201) })).Param);
        Assert.Equal("idempotency_key", (await RefusedAsync(new Outcome { RequestId = "r1", Success = true, IdempotencyKey = new string('x', 201) })).Param);
        Assert.Equal("request_id", (await RefusedAsync(new Outcome { RequestId = "", Success = true })).Param);
    }

    [Fact]
    public async Task Audit_OfAnAcceptedDraft_IsBilledToTheRequest()
    {
        ledger.Settle(Sample.Plain("r2", 0.002m));
        time.Advance(TimeSpan.FromDays(1));

        await ledger.RecordAuditAsync(new Audit { RequestId = "r2", Auditor = "strong", Success = false, Score = 0.1, Note = "wrong total", Attempts = [Sample.Attempt(AttemptPurpose.Audit, Cost.Of(0.03m), "strong")] });

        var stored = await GetAsync("r2");
        Assert.Equal(new StoredAudit(1, Sample.Noon.AddDays(1), "strong", false, 0.1, "wrong total"), Assert.Single(stored.Audits));
        Assert.Equal(["plain", "audit"], stored.Attempts.Select(attempt => attempt.Purpose));
        Assert.Equal(2, stored.Attempts[1].Number);
        Assert.Equal(new StoredCost(0.032m, true), stored.Cost);
        Assert.Equal(30_000_000_000L, Value("SELECT amount FROM spending WHERE scope = 'key:key_ann' AND day = '2026-03-15'"));
        Assert.Equal(0L, Value("SELECT audited FROM requests WHERE id = 'r2'"));
    }

    [Fact]
    public async Task Audit_OfUnknownCost_MakesTheRequestsCostIncomplete()
    {
        ledger.Settle(Sample.Plain("r2", 0.002m));

        await ledger.RecordAuditAsync(new Audit { RequestId = "r2", Auditor = "strong", Success = true, Attempts = [Sample.Attempt(AttemptPurpose.Audit, Cost.Unknown)] });

        Assert.Equal(new StoredCost(0.002m, false), (await GetAsync("r2")).Cost);
        await Assert.ThrowsAsync<ProblemException>(() => ledger.RecordAuditAsync(new Audit { RequestId = "none", Auditor = "strong", Success = true }));
    }

    [Fact]
    public async Task Prices_OfTheSameConfigurationTwice_AreKeptOnce()
    {
        Deployment deployment = new() { Name = "strong", Provider = "p", Model = "m", Prices = [new Price { Input = 3, Output = 15 }] };
        await ledger.RecordPricesAsync([deployment]);
        time.Advance(TimeSpan.FromDays(1));
        await ledger.RecordPricesAsync([deployment]);
        Assert.Equal(1L, Value("SELECT count(*) FROM price_snapshots"));

        await ledger.RecordPricesAsync([deployment with { Prices = [new Price { Input = 2, Output = 15 }] }]);

        Assert.Equal(2L, Value("SELECT count(*) FROM price_snapshots"));
    }

    private Task<StoredOutcome> ReportAsync(Outcome outcome) => ledger.RecordOutcomeAsync(outcome, Sample.Ann);

    private async Task<Problem> RefusedAsync(Outcome outcome, Caller? caller = null) =>
        (await Assert.ThrowsAsync<ProblemException>(() => ledger.RecordOutcomeAsync(outcome, caller ?? Sample.Ann))).Problem;

    private Task<StoredRequest> GetAsync(string id = "r1") => ledger.GetRequestAsync(id, Sample.Ann, CancellationToken.None);

    private object? Value(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={ledger.Path};Pooling=False");
        connection.Open();
        using var statement = new SqliteStatement(connection, sql);
        return statement.Value();
    }
}
