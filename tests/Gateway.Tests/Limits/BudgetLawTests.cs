using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Routes;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Journal;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Gateway.Limits;
using Countersign.Gateway.Tests.Ledger;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Tests.Limits;

/// <summary>The budget law: money is reserved before it is spent, and requests at once cannot overspend.</summary>
public sealed class BudgetLawTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new(Sample.Noon);
    private SqliteLedger ledger = null!;
    private Limiter limiter = null!;

    public ValueTask InitializeAsync()
    {
        Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ledger.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Requests_TwoHundredAtOnce_SpendExactlyTheBudget()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) };

        var spent = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => SpendAsync(ann, $"r{i}", usd: 0.01m))));

        Assert.Equal(100, spent.Count(done => done));
        Assert.Equal(1m, Spent("key:key_ann"));
        Assert.False(await SpendAsync(ann, "late", 0.000001m));
    }

    [Fact]
    public async Task Requests_OfTwoKeysOnOneRoute_ShareTheRoutesBudget()
    {
        var route = RouteWith(new Budget(UsdTotal: 0.5m));
        var (ann, bob) = (Sample.Ann with { Budget = new Budget(UsdPerDay: 10m) }, Sample.Bob with { Budget = new Budget(UsdPerMonth: 0.2m) });

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => SpendAsync(i % 2 == 0 ? ann : bob, $"r{i}", 0.01m, route))));

        Assert.Equal(0.5m, Spent("route:cheap"));
        Assert.Equal(0.5m, Spent("key:key_ann") + Spent("key:key_bob"));
        Assert.True(Spent("key:key_bob") <= 0.2m);
    }

    [Fact]
    public async Task Requests_ThatCostLessThanReserved_LeaveTheRest()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) };

        int done = 0;
        for (int i = 0; i < 200; i++) done += await SpendAsync(ann, $"r{i}", usd: 0.01m, reserve: 0.1m) ? 1 : 0;

        Assert.Equal(91, done); // The last began with 0.10 left.
        Assert.Equal(0.91m, Spent("key:key_ann"));
    }

    [Fact]
    public async Task Requests_OfTwoProcessesOnOneFile_ShareTheBudget()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) };
        await using (var otherLedger = SqliteLedger.Open(ledger.Path, time)) // Closed, its journal is in the tables.
        {
            var other = new Limiter(otherLedger, time);
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => SpendAsync(ann, $"r{i}", 0.01m, through: i % 2 == 0 ? limiter : other))));
        }

        Assert.Equal(1m, Spent("key:key_ann"));
    }

    [Fact]
    public async Task Budget_SpentInPart_GrantsWhatIsLeft()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) };
        await SpendAsync(ann, "r1", 0.75m);

        await using var reservation = await limiter.ReserveAsync(new Demand { RequestId = "r2", Caller = ann, LeastUsd = 0.1m, MostUsd = 5m }, CancellationToken.None);

        Assert.Equal(0.25m, reservation.Usd);
    }

    [Fact]
    public async Task Budget_Spent_SaysWhoseHowMuchAndUntilWhen()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) };
        await SpendAsync(ann, "r1", 0.75m);

        var problem = await RefusedAsync(new Demand { RequestId = "r2", Caller = ann, LeastUsd = 0.5m });

        Assert.Equal(ProblemKind.BudgetExceeded, problem.Kind);
        Assert.Equal("The API key 'Ann' may spend 1 USD per day, of which 0.25 USD are left; this request may cost 0.5 USD.", problem.Message);
        Assert.Equal(TimeSpan.FromHours(12), problem.RetryAfter);
    }

    [Fact]
    public async Task Budget_OfADayOrMonth_Renews()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m, UsdPerMonth: 1.5m) };
        Assert.True(await SpendAsync(ann, "r1", 1m));
        Assert.False(await SpendAsync(ann, "r2", 0.5m));
        time.Advance(TimeSpan.FromHours(12));
        Assert.True(await SpendAsync(ann, "r3", 0.5m));
        time.Advance(TimeSpan.FromDays(1));
        Assert.False(await SpendAsync(ann, "r4", 0.5m));
        time.Advance(TimeSpan.FromDays(16));
        Assert.Equal(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), time.GetUtcNow());
        Assert.True(await SpendAsync(ann, "r5", 1m));
    }

    [Fact]
    public async Task Budget_AfterARestart_IsWhatTheRowsOfTheLedgerSay()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdTotal: 1m) };
        for (int i = 0; i < 60; i++) await SpendAsync(ann, $"r{i}", 0.01m, RouteWith(new Budget()));
        await ledger.DisposeAsync();
        Open();

        Assert.Equal(0.6m, Spent("key:key_ann"));
        Assert.Equal(0.6m, SqliteValue("SELECT sum(charged) FROM requests WHERE caller = 'key_ann'"));
        Assert.Equal(0.6m, Spent("route:cheap"));
        Assert.False(await SpendAsync(ann, "dear", 0.41m));
        Assert.True(await SpendAsync(ann, "last", 0.4m));
    }

    [Fact]
    public async Task Reservation_OfADeadProcess_IsReleased()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) };
        await limiter.ReserveAsync(new Demand { RequestId = "lost", Caller = ann, LeastUsd = 1m }, CancellationToken.None);
        Assert.False(await SpendAsync(ann, "r1", 1m));

        Run($"UPDATE reservations SET process = '{Environment.MachineName}|{Environment.ProcessId}|1000000000'"); // The id of this process, but an earlier start.

        Assert.True(await SpendAsync(ann, "r2", 1m));
    }

    [Fact]
    public async Task Reservation_OfADeadProcessThatHadSettled_LeavesWhatWasSpent()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) };
        await limiter.ReserveAsync(new Demand { RequestId = "settled", Caller = ann, LeastUsd = 1m }, CancellationToken.None);
        Run($"UPDATE reservations SET process = '{Environment.MachineName}|{Environment.ProcessId}|1000000000'");
        using (var rows = new RowBuffer())
        {
            SettledRows.Write(Sample.Plain("settled", 0.8m) with { Caller = ann, Started = time.GetUtcNow() }, rows);
            File.WriteAllBytes($"{ledger.Path}.settled-dead", rows.Framed().ToArray()); // In its journal, and not in the tables yet.
        }

        Assert.False(await SpendAsync(ann, "r1", 0.3m));
        Assert.True(await SpendAsync(ann, "r2", 0.2m));
        Assert.Equal(1m, Spent("key:key_ann"));
    }

    [Fact]
    public async Task Reservation_OfAnotherMachine_IsKeptForAnHour()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) };
        await limiter.ReserveAsync(new Demand { RequestId = "lost", Caller = ann, LeastUsd = 1m }, CancellationToken.None);
        Run("UPDATE reservations SET process = 'elsewhere|1|1000000000'");

        Assert.False(await SpendAsync(ann, "r1", 1m));
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.True(await SpendAsync(ann, "r2", 1m));
    }

    [Fact]
    public async Task Reservation_NotSettled_IsGivenBack()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m), Rate = new RateLimit(RequestsPerMinute: 1) };
        var demand = new Demand { RequestId = "r1", Caller = ann, LeastUsd = 1m };

        await (await limiter.ReserveAsync(demand, CancellationToken.None)).DisposeAsync();
        await (await limiter.ReserveAsync(demand, CancellationToken.None)).DisposeAsync();
    }

    [Fact]
    public async Task Cost_NotKnownAfterwards_IsChargedAtTheReservation()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) };
        var reservation = await limiter.ReserveAsync(new Demand { RequestId = "r1", Caller = ann, LeastUsd = 0.3m }, CancellationToken.None);
        reservation.Settle(Sample.Request("r1", Sample.Attempt(AttemptPurpose.Plain, Cost.Unknown)) with { Caller = ann });
        await using var next = await limiter.ReserveAsync(new Demand { RequestId = "r2", Caller = ann, LeastUsd = 0.3m }, CancellationToken.None);
        next.Settle(Sample.Request("r2", Sample.Attempt(AttemptPurpose.Plain, new Cost(0.4m, false))) with { Caller = ann });

        Assert.Equal(0.7m, Spent("key:key_ann"));
        Assert.Equal(new StoredCost(null, false), (await ledger.GetRequestAsync("r1", ann, CancellationToken.None)).Cost);
    }

    [Fact]
    public async Task Price_NotKnownBefore_IsRefusedUnderABudgetOnly()
    {
        var problem = await RefusedAsync(new Demand { RequestId = "r1", Caller = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m) }, LeastUsd = null });

        Assert.Contains("price of this request is not known", problem.Message);
        await using var free = await limiter.ReserveAsync(new Demand { RequestId = "r2", Caller = Sample.Ann, LeastUsd = null }, CancellationToken.None);
        Assert.Null(free.Usd);
    }

    [Fact]
    public async Task Budget_Exceeded_TakesNoRequestFromTheMinute()
    {
        var ann = Sample.Ann with { Budget = new Budget(UsdPerDay: 1m), Rate = new RateLimit(RequestsPerMinute: 1) };
        await RefusedAsync(new Demand { RequestId = "r1", Caller = ann, LeastUsd = 2m });

        Assert.True(await SpendAsync(ann, "r2", 1m));
    }

    private void Open()
    {
        ledger = SqliteLedger.Open(folder.File("ledger.db"), time);
        limiter = new Limiter(ledger, time);
    }

    private static GatewayRoute RouteWith(Budget budget) => new(new Route { Name = "cheap", Draft = new Stage { Deployments = ["drafter"] } }, budget);

    private async Task<bool> SpendAsync(Caller caller, string id, decimal usd, GatewayRoute? route = null, decimal? reserve = null, Limiter? through = null)
    {
        try
        {
            var demand = new Demand { RequestId = id, Caller = caller, Route = route, LeastUsd = reserve ?? usd };
            await using var reservation = await (through ?? limiter).ReserveAsync(demand, CancellationToken.None);
            await Task.Yield();
            reservation.Settle(Sample.Plain(id, usd) with { Caller = caller, Route = route?.Cascade.Name, Started = time.GetUtcNow() });
            return true;
        }
        catch (ProblemException refused) when (refused.Problem.Kind == ProblemKind.BudgetExceeded)
        {
            return false;
        }
    }

    private async Task<Problem> RefusedAsync(Demand demand) =>
        (await Assert.ThrowsAsync<ProblemException>(() => limiter.ReserveAsync(demand, CancellationToken.None))).Problem;

    private decimal Spent(string scope) => SqliteValue($"SELECT coalesce(sum(amount), 0) FROM spending WHERE scope = '{scope}'");

    private decimal SqliteValue(string sql)
    {
        using var connection = Connect();
        using var statement = new SqliteStatement(connection, sql);
        return SqliteValues.ToUsd((long)statement.Value()!);
    }

    private void Run(string sql)
    {
        using var connection = Connect();
        using var statement = new SqliteStatement(connection, sql);
        statement.Run();
    }

    private SqliteConnection Connect()
    {
        ledger.Has("anything"); // What is read through the ledger is complete.
        var connection = new SqliteConnection($"Data Source={ledger.Path};Pooling=False");
        connection.Open();
        return connection;
    }
}
