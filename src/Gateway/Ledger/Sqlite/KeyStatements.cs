using System.Text.Json;
using Countersign.Gateway.Access;
using Microsoft.Data.Sqlite;
using static Countersign.Gateway.Ledger.Sqlite.SqliteValues;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Writes and reads API keys.</summary>
internal sealed class KeyStatements(SqliteConnection connection) : IDisposable
{
    private const string All = """
        SELECT id, name, created, expires, revoked, is_admin, models, requests_per_minute, tokens_per_minute, budget_per_day, budget_per_month, budget_total, hash, policy FROM keys ORDER BY created, id
        """;

    private readonly SqliteStatement add = new(connection, """
        INSERT INTO keys (id, name, created, expires, is_admin, models, requests_per_minute, tokens_per_minute, budget_per_day, budget_per_month, budget_total, hash, policy)
        VALUES ($id, $name, $created, $expires, $is_admin, $models, $requests_per_minute, $tokens_per_minute, $budget_per_day, $budget_per_month, $budget_total, $hash, $policy)
        """);

    private readonly SqliteStatement revoke = new(connection, "UPDATE keys SET revoked = $revoked WHERE id = $id AND revoked IS NULL");

    /// <summary>Writes a new key.</summary>
    public void Add(ApiKey key, byte[] hash) => add.Run(
        key.Id, key.Name, ToMicros(key.Created), key.Expires is { } expires ? ToMicros(expires) : null, key.IsAdmin,
        key.Models is { } models ? JsonSerializer.Serialize(models, LedgerJson.Default.IReadOnlyListString) : null,
        key.Rate.RequestsPerMinute, key.Rate.TokensPerMinute, Pico(key.Budget.UsdPerDay), Pico(key.Budget.UsdPerMonth), Pico(key.Budget.UsdTotal), hash,
        key.Policy is { } policy ? JsonSerializer.Serialize(policy, LedgerJson.Default.ModelPolicy) : null);

    /// <summary>Marks a key as revoked.</summary>
    public void Revoke(string id, DateTimeOffset at) => revoke.Run(ToMicros(at), id);

    /// <summary>Every key with its hash, the oldest first, and the secret of the hashes.</summary>
    public static KeptKeys Read(SqliteConnection connection)
    {
        using var secret = new SqliteStatement(connection, "SELECT value FROM settings WHERE name = 'key_secret'");
        using var statement = new SqliteStatement(connection, All);
        using var rows = statement.Rows();
        List<KeptKey> keys = [];
        while (rows.Read()) keys.Add(new KeptKey(ToKey(rows), rows.GetFieldValue<byte[]>(12)));
        return new KeptKeys((byte[])secret.Value()!, keys);
    }

    public void Dispose()
    {
        add.Dispose();
        revoke.Dispose();
    }

    private static ApiKey ToKey(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Created = row.Time(2),
        Expires = row.TimeOrNull(3),
        Revoked = row.TimeOrNull(4),
        IsAdmin = row.GetBoolean(5),
        Models = row.Text(6) is { } models ? JsonSerializer.Deserialize(models, LedgerJson.Default.IReadOnlyListString) : null,
        Policy = row.Text(13) is { } policy ? JsonSerializer.Deserialize(policy, LedgerJson.Default.ModelPolicy) : null,
        Rate = new RateLimit((int?)row.Long(7), row.Long(8)),
        Budget = new Budget(row.Usd(9), row.Usd(10), row.Usd(11)),
    };

    private static long? Pico(decimal? usd) => usd is { } known ? ToPico(known) : null;
}

/// <summary>The keys that are kept.</summary>
/// <param name="Secret">The key of the HMAC that made the hashes.</param>
/// <param name="Keys">The keys, the oldest first.</param>
internal sealed record KeptKeys(byte[] Secret, IReadOnlyList<KeptKey> Keys);

/// <summary>A key with its hash.</summary>
internal sealed record KeptKey(ApiKey Key, byte[] Hash);
