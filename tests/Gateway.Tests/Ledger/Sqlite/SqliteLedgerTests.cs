using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Access;
using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Tests.Ledger.Sqlite;

public sealed class SqliteLedgerTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SqliteLedger ledger = null!;

    public ValueTask InitializeAsync()
    {
        ledger = SqliteLedger.Open(folder.File("ledger.db"), TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ledger.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Text_ThatIsEmpty_IsNotUnknown()
    {
        var attempt = Sample.Attempt(AttemptPurpose.Plain, Cost.Zero);
        attempt.ResponseModel = "";
        ledger.Settle(Sample.Request("r1", attempt));

        Assert.Equal("", (await GetAsync("r1")).Attempts[0].ResponseModel);
    }

    [Fact]
    public async Task Request_Settled_IsReadBackWhole()
    {
        ledger.Settle(Sample.Escalated("r1"));

        var stored = await GetAsync("r1");

        Assert.Equal(("r1", "key_ann", "Ann", "open_ai_chat", "invoice", "v1"), (stored.Id, stored.Caller, stored.CallerName, stored.Api, stored.Route, stored.RouteVersion));
        Assert.Equal((true, 200, "accepted", true, 2), (stored.Stream, stored.Status, stored.Ended, stored.Accepted, stored.Winner));
        Assert.Equal((Sample.Noon, 50.0), (stored.Started, stored.DurationMs));
        Assert.Equal(new StoredCost(0.0000375m, false), stored.Cost);
        Assert.Equal(["seed is not carried"], stored.Warnings);
        var (draft, strong) = (stored.Attempts[0], stored.Attempts[1]);
        Assert.Equal(("draft", "cut_off", "length", 12.5, 100.0), (draft.Purpose, draft.Status, draft.FinishReason, draft.TimeToFirstTokenMs, draft.DurationMs));
        Assert.Equal((100, 64, null, 20), (draft.Usage!.InputTokens, draft.Usage.CachedInputTokens, draft.Usage.ReasoningTokens, draft.Usage.OutputTokens));
        Assert.Equal(new StoredCost(0.0000375m, true), draft.Cost);
        Assert.Equal("catalogue: a list", draft.PriceSource);
        Assert.Equal(["tools", "history"], draft.PromptCache!.Marked);
        Assert.Equal((true, 0.0000123m), (draft.PromptCache.Key, draft.PromptCache.SavedUsd));
        Assert.Equal(("strong", 1, null, new StoredCost(null, false)), (strong.Deployment, strong.Stage, strong.Usage, strong.Cost));
        var (quotes, judge) = (stored.Verdicts[0], stored.Verdicts[1]);
        Assert.Equal((1, "quotes", "reject", null, true, false), (quotes.Attempt, quotes.Validator, quotes.Verdict, quotes.Score, quotes.OnPrefix, quotes.Mended));
        Assert.Equal(("The vendor is not in the text.", "/vendor"), (quotes.Findings[0].Message, quotes.Findings[0].Where));
        Assert.Equal((2, "accept", 0.9), (judge.Attempt, judge.Verdict, judge.Score));
    }

    [Fact]
    public async Task Request_AsJson_SpeaksSnakeCaseAndLeavesTheUnknownOut()
    {
        ledger.Settle(Sample.Escalated("r1"));

        var json = JsonSerializer.SerializeToElement(await GetAsync("r1"), LedgerJson.Default.StoredRequest);

        var attempts = json.GetProperty("attempts");
        Assert.Equal("0.0000375", attempts[0].GetProperty("cost").GetProperty("usd").GetRawText());
        Assert.Equal(12.5, attempts[0].GetProperty("time_to_first_token_ms").GetDouble());
        Assert.False(attempts[1].GetProperty("cost").TryGetProperty("usd", out _));
        Assert.False(attempts[1].GetProperty("cost").GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task Request_Failed_KeepsItsProblem()
    {
        var problem = new Problem(ProblemKind.RateLimited, "Too many requests.", RetryAfter: TimeSpan.FromSeconds(3));
        ledger.Settle(Sample.Request("r1") with { Status = 429, Problem = problem });

        Assert.Equal(problem, (await GetAsync("r1")).Problem);
    }

    [Fact]
    public async Task Request_OfAnotherCaller_IsNotFoundButByAdmins()
    {
        ledger.Settle(Sample.Plain("r1"));

        var refused = await Assert.ThrowsAsync<ProblemException>(() => GetAsync("r1", Sample.Bob));
        var missing = await Assert.ThrowsAsync<ProblemException>(() => GetAsync("r2", Sample.Bob));

        Assert.Equal(ProblemKind.NotFound, refused.Problem.Kind);
        Assert.Equal(missing.Problem.Message.Replace("r2", "r1"), refused.Problem.Message);
        Assert.Equal("r1", (await GetAsync("r1", Caller.Local)).Id);
    }

    [Fact]
    public async Task Settle_TheSameIdAgain_LeavesItAsItIs()
    {
        ledger.Settle(Sample.Plain("twice", 0.1m));

        for (int i = 0; i < 100; i++) ledger.Settle(i == 50 ? Sample.Plain("twice", 0.2m) : Sample.Plain($"r{i}", 0.2m));

        Assert.Equal(0.1m, Assert.Single((await GetAsync("twice")).Attempts).Cost.Usd);
        foreach (int i in Enumerable.Range(0, 100).Where(i => i != 50)) Assert.Single((await GetAsync($"r{i}")).Attempts);
    }

    [Fact]
    public async Task Settle_ManyAtOnce_AllAreThereAfterReopening()
    {
        await Task.WhenAll(Enumerable.Range(0, 5000).Select(i => Task.Run(() => ledger.Settle(Sample.Plain($"r{i}")))));
        await ledger.DisposeAsync();

        ledger = SqliteLedger.Open(folder.File("ledger.db"), TimeProvider.System);

        for (int i = 0; i < 5000; i++) await GetAsync($"r{i}");
    }

    [Fact]
    public async Task Settle_AfterClosing_IsRefused()
    {
        await ledger.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => ledger.Settle(Sample.Plain("r1")));
        ledger = SqliteLedger.Open(folder.File("ledger.db"), TimeProvider.System);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.000000000001")]
    [InlineData("0.0000000375")]
    [InlineData("8999999.123456789012")]
    public async Task Cost_OfAnySize_IsKeptExactly(string usd)
    {
        decimal exact = decimal.Parse(usd);
        ledger.Settle(Sample.Plain("r1", exact));

        Assert.Equal(new StoredCost(exact, true), (await GetAsync("r1")).Cost);
    }

    [Fact]
    public async Task Cost_PartlyKnown_IsAtLeastThat()
    {
        ledger.Settle(Sample.Request("r1", Sample.Attempt(AttemptPurpose.Draft, Cost.Of(0.25m)), Sample.Attempt(AttemptPurpose.Repair, Cost.Unknown)));

        Assert.Equal(new StoredCost(0.25m, false), (await GetAsync("r1")).Cost);
    }

    private Task<StoredRequest> GetAsync(string id, Caller? caller = null) => ledger.GetRequestAsync(id, caller ?? Sample.Ann, CancellationToken.None);
}
