using Microsoft.Data.Sqlite;
using static Countersign.Gateway.Ledger.Sqlite.SqliteValues;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Promises money to requests that begin, and charges those that end.</summary>
internal sealed class BudgetStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement used = new(connection, """
        SELECT day, amount FROM spending WHERE scope = $scope AND day >= $from
        UNION ALL SELECT day, amount FROM reservations WHERE scope = $scope AND day >= $from
        """);

    private readonly SqlitePrepared reserve = new(connection, """
        INSERT INTO reservations (scope, request, day, amount, process, opened) VALUES ($scope, $request, $day, $amount, $process, $opened)
        """);

    private readonly SqlitePrepared reserved = new(connection, "SELECT amount, day FROM reservations WHERE request = $request LIMIT 1"); // The same in every scope.

    private readonly SqlitePrepared release = new(connection, "DELETE FROM reservations WHERE request = $request");

    // Sums beyond nine million dollars are held there: the column is a 64-bit integer.
    private readonly SqlitePrepared charge = new(connection, """
        INSERT INTO spending (scope, day, amount) VALUES ($scope, $day, $amount)
        ON CONFLICT (scope, day) DO UPDATE SET amount = min(amount + excluded.amount, 9000000000000000000)
        """);

    private readonly SqliteStatement processes = new(connection, "SELECT process, max(opened) FROM reservations GROUP BY process");

    private readonly SqliteStatement releaseProcess = new(connection, "DELETE FROM reservations WHERE process = $process");

    /// <summary>Reserves as much as every scope allows, between <paramref name="least"/> and <paramref name="most"/> US dollars, or nothing where one allows less.</summary>
    /// <param name="request">The request's id.</param>
    /// <param name="scopes">Whose budgets are asked.</param>
    /// <param name="least">In US dollars.</param>
    /// <param name="most">In US dollars.</param>
    /// <param name="now">The time.</param>
    /// <param name="settleLeft">Writes down what processes settled that are no more, before what they reserved is given up.</param>
    public Granted Reserve(string request, IReadOnlyList<BudgetScope> scopes, decimal least, decimal most, DateTimeOffset now, Action settleLeft)
    {
        var granted = Grant(scopes, least, most, now);
        if (granted.Usd < most && ReleaseDead(now, settleLeft) > 0) granted = Grant(scopes, least, most, now);
        if (granted.Short is not null) return granted;
        long amount = ToPico(granted.Usd);
        foreach (var scope in scopes) reserve.Run(scope.Name, request, ToDay(now), amount, LedgerProcess.Current, ToMicros(now));
        return granted;
    }

    /// <summary>Gives up what was reserved for a request: the amount, in pico-dollars, and the day that it was reserved on; <c>null</c> where nothing was.</summary>
    public (long Amount, string Day)? Release(string request)
    {
        if (reserved.First(request) is not { } found) return null;
        release.Run(request);
        return found;
    }

    /// <summary>Gives up what was reserved for a request that has ended, and says what to charge for it, and to which day. Where its cost is not known in full, that is what was reserved, or the known part where that is more.</summary>
    public Charge Settle(Charge charge)
    {
        var (promised, day) = Release(charge.Request) ?? (0, charge.Day);
        return charge with { Day = day, Amount = charge.IsKnown ? charge.Amount : Math.Max(charge.Amount, promised) };
    }

    /// <summary>Charges an amount, in pico-dollars, to a key and a route.</summary>
    public void Charge(string caller, string? route, string day, long amount)
    {
        if (amount == 0) return;
        charge.Run(BudgetScope.OfKey(caller), day, amount);
        if (route is not null) charge.Run(BudgetScope.OfRoute(route), day, amount);
    }

    public void Dispose()
    {
        foreach (var statement in (IDisposable[])[used, reserve, reserved, release, charge, processes, releaseProcess]) statement.Dispose();
    }

    /// <summary>Gives up what was reserved by processes that are no more; the number of reservations.</summary>
    private int ReleaseDead(DateTimeOffset now, Action settleLeft)
    {
        List<string> dead = [];
        using (var rows = processes.Rows())
        {
            while (rows.Read())
            {
                if (LedgerProcess.IsDead(rows.GetString(0), rows.Time(1), now)) dead.Add(rows.GetString(0));
            }
        }

        if (dead.Count > 0) settleLeft();
        return dead.Sum(process => releaseProcess.Run(process));
    }

    private Granted Grant(IReadOnlyList<BudgetScope> scopes, decimal least, decimal most, DateTimeOffset now)
    {
        foreach (var scope in scopes)
        {
            foreach (var (period, limit, left, renews) in Left(scope, now))
            {
                if (left < least) return new Granted(0, new ShortBudget(scope, period, limit, Math.Max(0, left), renews));
                most = Math.Min(most, left);
            }
        }

        return new Granted(most);
    }

    private List<(string Period, decimal Limit, decimal Left, DateTimeOffset? Renews)> Left(BudgetScope scope, DateTimeOffset now)
    {
        var budget = scope.Budget;
        DateTimeOffset today = new(now.UtcDateTime.Date, TimeSpan.Zero), month = today.AddDays(1 - today.Day);
        string day = ToDay(today), firstOfMonth = ToDay(month);
        var (inDay, inMonth, inTotal) = Used(scope.Name, day, firstOfMonth, from: budget.UsdTotal is not null ? "" : budget.UsdPerMonth is not null ? firstOfMonth : day);
        List<(string, decimal, decimal, DateTimeOffset?)> left = [];
        if (budget.UsdPerDay is { } perDay) left.Add(("per day", perDay, perDay - inDay, today.AddDays(1)));
        if (budget.UsdPerMonth is { } perMonth) left.Add(("per month", perMonth, perMonth - inMonth, month.AddMonths(1)));
        if (budget.UsdTotal is { } total) left.Add(("in total", total, total - inTotal, null));
        return left;
    }

    private (decimal InDay, decimal InMonth, decimal InTotal) Used(string scope, string today, string firstOfMonth, string from)
    {
        decimal inDay = 0, inMonth = 0, inTotal = 0;
        using var rows = used.Rows(scope, from);
        while (rows.Read())
        {
            string day = rows.GetString(0);
            decimal usd = ToUsd(rows.GetInt64(1));
            if (day == today) inDay += usd;
            if (string.CompareOrdinal(day, firstOfMonth) >= 0) inMonth += usd;
            inTotal += usd;
        }

        return (inDay, inMonth, inTotal);
    }
}
