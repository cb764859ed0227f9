using Countersign.Gateway.Ledger.Journal;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Transactions of the ledger's writer. One thread's.</summary>
internal sealed class SqliteTransactions : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteSync sync;
    private readonly SqlitePrepared begin, commit, rollback;
    private readonly SqliteStatements statements;
    private readonly string refused;
    private readonly ILogger log;

    public SqliteTransactions(SqliteFile file, JournalFiles journal, ILogger log)
    {
        this.log = log;
        connection = file.Connect();
        refused = file.Path + ".refused";
        sync = new SqliteSync(connection);
        begin = new SqlitePrepared(connection, "BEGIN IMMEDIATE");
        commit = new SqlitePrepared(connection, "COMMIT");
        rollback = new SqlitePrepared(connection, "ROLLBACK");
        statements = new SqliteStatements(connection, journal);
    }

    /// <summary>Writes a journal's records.</summary>
    /// <exception cref="ProblemException">The file cannot be written.</exception>
    public void Recover(ReadOnlySpan<byte> records)
    {
        if (Write(records, []) is { } failure) throw failure;
    }

    /// <summary>Writes a journal's records and runs the writes, in one transaction where all is well, and tells the writes how they ended.</summary>
    /// <returns>Why the records are not written; <c>null</c> where they are.</returns>
    public ProblemException? Write(ReadOnlySpan<byte> records, List<SqliteWrite> writes)
    {
        if (records.IsEmpty && writes.Count == 0) return null;
        var failure = Try(records, writes);
        bool isAlone = failure is null || IsOfFile(failure) || (records.IsEmpty && writes.Count == 1);
        if (!isAlone) failure = WriteOneByOne(records, writes); // One that is bad must not take its neighbours with it.
        else foreach (var write in writes) write.End(Told(failure));
        return records.IsEmpty ? null : Told(failure) as ProblemException;
    }

    public void Dispose()
    {
        foreach (var statement in (SqlitePrepared[])[begin, commit, rollback]) statement.Dispose();
        statements.Dispose();
        connection.Dispose();
    }

    private Exception? WriteOneByOne(ReadOnlySpan<byte> records, List<SqliteWrite> writes)
    {
        Exception? failure = null;
        var rest = records;
        while (failure is null && Frame.TryTake(ref rest, out var record))
        {
            failure = Try(records[^(rest.Length + record.Length + Frame.Size)..^rest.Length], []);
            if (failure is not null && !IsOfFile(failure)) failure = Refuse(record, failure);
        }

        foreach (var write in writes) write.End(Told(Try(default, [write])));
        return failure;
    }

    private Exception? Try(ReadOnlySpan<byte> records, List<SqliteWrite> writes)
    {
        try
        {
            sync.Set(isDurable: !records.IsEmpty || writes.Exists(static write => write.IsDurable));
            begin.Run();
            statements.Apply(records);
            foreach (var write in writes) write.Run(statements);
            commit.Run();
            return null;
        }
#pragma warning disable CA1031 // Whatever went wrong goes to those who wait for it; the thread must live.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            RollBack();
            return exception;
        }
    }

    /// <summary>Keeps a record that no table takes, which is a fault of this program, beside the ledger, so that it is neither lost nor in the way.</summary>
    /// <returns>Why it cannot even be kept there; <c>null</c> where it is.</returns>
    private Exception? Refuse(ReadOnlySpan<byte> record, Exception why)
    {
        try
        {
            using var file = new FileStream(refused, FileMode.Append);
            Span<byte> frame = stackalloc byte[Frame.Size];
            Frame.Write(frame, record);
            file.Write(frame);
            file.Write(record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception;
        }

        log.RecordRefused(refused, why);
        return null;
    }

    private void RollBack()
    {
        try
        {
            rollback.Run();
        }
        catch (SqliteException)
        {
            // The failure already ended the transaction.
        }
    }

    /// <summary>Whether it is the file that cannot be written, for now or for good, and not one of the rows.</summary>
    private static bool IsOfFile(Exception failure) => failure is IOException or UnauthorizedAccessException or SqliteException
    {
        SqliteErrorCode: not (SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_MISMATCH or SQLitePCL.raw.SQLITE_TOOBIG or SQLitePCL.raw.SQLITE_RANGE),
    };

    private static Exception? Told(Exception? failure) =>
        failure is SqliteException or IOException or UnauthorizedAccessException ? new ProblemException(new Problem(ProblemKind.Unavailable, $"The ledger cannot be written: {failure.Message}"), failure) : failure;
}
