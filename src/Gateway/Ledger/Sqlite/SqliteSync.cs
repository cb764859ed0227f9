using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Whether a connection's commits wait for the disk. SQLite obeys this pragma when it compiles it, not when it runs it, so there is no preparing it.</summary>
internal sealed class SqliteSync(SqliteConnection connection)
{
    private bool? current;

    /// <summary>Has the next commits survive a loss of power (<c>synchronous = FULL</c>), or the death of the process only (<c>NORMAL</c>). Not within a transaction.</summary>
    public void Set(bool isDurable)
    {
        if (current == isDurable) return;
        using var pragma = new SqliteStatement(connection, isDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        pragma.Run();
        current = isDurable;
    }
}
