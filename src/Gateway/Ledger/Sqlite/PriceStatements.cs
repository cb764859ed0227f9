using System.Text.Json;
using Countersign.Gateway.Dispatch;
using Microsoft.Data.Sqlite;
using static Countersign.Gateway.Ledger.Sqlite.SqliteValues;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Keeps what deployments charged, so that a bill can be checked later.</summary>
internal sealed class PriceStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement last = new(connection, "SELECT prices FROM price_snapshots WHERE deployment = $deployment ORDER BY seen DESC LIMIT 1");

    private readonly SqliteStatement add = new(connection, """
        INSERT INTO price_snapshots (deployment, seen, prices) VALUES ($deployment, $seen, $prices) ON CONFLICT DO UPDATE SET prices = excluded.prices
        """);

    /// <summary>Writes the prices of each deployment that has others than when it was last seen.</summary>
    public void Record(IEnumerable<Deployment> deployments, DateTimeOffset now)
    {
        foreach (var deployment in deployments)
        {
            string prices = JsonSerializer.Serialize(deployment.Prices, LedgerJson.Default.IReadOnlyListPrice);
            if ((string?)last.Value(deployment.Name) != prices) add.Run(deployment.Name, ToMicros(now), prices);
        }
    }

    public void Dispose()
    {
        last.Dispose();
        add.Dispose();
    }
}
