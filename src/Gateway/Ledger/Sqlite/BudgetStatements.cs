using Microsoft.Data.Sqlite;
using static Countersign.Gateway.Ledger.Sqlite.SqliteValues;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Charges finished requests to their scopes.</summary>
internal sealed class BudgetStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement release = new(connection, "DELETE FROM reservations WHERE request = $request RETURNING amount, day");

    private readonly SqliteStatement charge = new(connection, """
        INSERT INTO spending (scope, day, amount) VALUES ($scope, $day, $amount) ON CONFLICT (scope, day) DO UPDATE SET amount = amount + excluded.amount
        """);

    /// <summary>The scope of a key's budget.</summary>
    public static string KeyScope(string caller) => "key:" + caller;

    /// <summary>The scope of a route's budget.</summary>
    public static string RouteScope(string route) => "route:" + route;

    /// <summary>Charges what a request cost to its key and route, in place of what was reserved for it. Where the cost is not known in full, the reservation is charged, or the known part where that is more.</summary>
    /// <returns>What was charged, in pico-dollars.</returns>
    public long Charge(FinishedRequest finished)
    {
        var (reserved, day) = Release(finished.Id) ?? (0, ToDay(finished.Started));
        var cost = finished.Trace.TotalCost;
        long known = ToPico(cost.Usd), charged = cost.IsComplete ? known : Math.Max(known, reserved);
        Charge(KeyScope(finished.Caller.Id), day, charged);
        if (finished.Route is { } route) Charge(RouteScope(route), day, charged);
        return charged;
    }

    /// <summary>Charges an amount, in pico-dollars, to a scope.</summary>
    public void Charge(string scope, string day, long amount)
    {
        if (amount != 0) charge.Run(scope, day, amount);
    }

    /// <summary>Gives up what was reserved for a request: the amount, in pico-dollars, and the day that it was reserved on; <c>null</c> where nothing was.</summary>
    public (long Amount, string Day)? Release(string request)
    {
        (long, string)? released = null;
        using var rows = release.Rows(request);
        while (rows.Read()) released = (rows.GetInt64(0), rows.GetString(1));
        return released;
    }

    public void Dispose()
    {
        release.Dispose();
        charge.Dispose();
    }
}
