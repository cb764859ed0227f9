using System.Diagnostics;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>The one thread that writes. It commits whatever is waiting as one transaction: alone and at once when idle, in growing batches under load,
/// so that one sync of the disk, which costs more than ten requests' rows, serves all who wait for it.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>Writes that may wait; further ones wait for a place.</summary>
    private const int Capacity = 4096;

    /// <summary>How long a batch waits to become as large as the last one, under load.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(1);

    private readonly object gate = new();
    private readonly SemaphoreSlim places = new(Capacity);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteConnection connection;
    private readonly SqlitePrepared begin, commit, rollback, syncFull, syncNormal;
    private readonly SqliteStatements statements;
    private List<SqliteWrite> waiting = [], batch = [];
    private bool isDurable = true, isStopping;
    private int lastCount;
    private long lastCommit;

    public SqliteWriter(SqliteFile file)
    {
        connection = file.Connect();
        begin = new SqlitePrepared(connection, "BEGIN IMMEDIATE");
        commit = new SqlitePrepared(connection, "COMMIT");
        rollback = new SqlitePrepared(connection, "ROLLBACK");
        syncFull = new SqlitePrepared(connection, "PRAGMA synchronous = FULL");
        syncNormal = new SqlitePrepared(connection, "PRAGMA synchronous = NORMAL");
        statements = new SqliteStatements(connection);
        new Thread(Loop) { Name = "ledger writer", IsBackground = true }.Start();
    }

    /// <summary>Runs <paramref name="work"/> in a transaction; the task ends when that is on disk. The work may run twice (where another write of its batch failed), so it touches nothing but the database.</summary>
    /// <param name="work">The work; what cannot be done is a result, an exception is a fault.</param>
    /// <param name="isDurable">Whether it must survive a loss of power; all survives the death of the process.</param>
    public async Task<TResult> WriteAsync<TResult>(Func<SqliteStatements, TResult> work, bool isDurable = true)
    {
        await places.WaitAsync(CancellationToken.None);
        var write = new SqliteWrite<TResult>(work, isDurable);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isStopping, this);
            waiting.Add(write);
            if (waiting.Count == 1 || waiting.Count == lastCount) Monitor.Pulse(gate);
        }

        return await write.Task;
    }

    /// <inheritdoc cref="WriteAsync{TResult}"/>
    public Task WriteAsync(Action<SqliteStatements> work, bool isDurable = true) => WriteAsync(
        statements =>
        {
            work(statements);
            return true;
        },
        isDurable);

    /// <summary>Commits what is waiting, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            isStopping = true;
            Monitor.Pulse(gate);
        }

        await ended.Task;
    }

    private void Loop()
    {
        while (Next())
        {
            Commit();
            lastCommit = Stopwatch.GetTimestamp();
            places.Release(batch.Count);
            batch.Clear();
        }

        foreach (var statement in (SqlitePrepared[])[begin, commit, rollback, syncFull, syncNormal]) statement.Dispose();
        statements.Dispose();
        connection.Dispose();
        ended.SetResult();
    }

    private bool Next()
    {
        lock (gate)
        {
            while (waiting.Count == 0)
            {
                if (isStopping) return false;
                Monitor.Wait(gate);
            }

            if (IsUnderLoad() && waiting.Count < lastCount && !isStopping) Monitor.Wait(gate, Gather);
            (batch, waiting) = (waiting, batch);
            lastCount = batch.Count;
            return true;
        }
    }

    /// <summary>Several were served just now, so more are about to come.</summary>
    private bool IsUnderLoad() => lastCount > 1 && Stopwatch.GetElapsedTime(lastCommit) < Gather;

    private void Commit()
    {
        var failure = Try(batch);
        if (failure is null || batch.Count == 1) End(batch, failure);
        else foreach (var write in batch) End([write], Try([write])); // One bad write must not take its neighbours with it.
    }

    private Exception? Try(List<SqliteWrite> writes)
    {
        try
        {
            Sync(writes.Exists(write => write.IsDurable));
            begin.Run();
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

    /// <summary>A sync costs more than the rest of a transaction; promises of money that a dead process would lose anyway go without.</summary>
    private void Sync(bool durable)
    {
        if (durable == isDurable) return;
        (durable ? syncFull : syncNormal).Run();
        isDurable = durable;
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

    private static void End(List<SqliteWrite> writes, Exception? failure)
    {
        if (failure is SqliteException sqlite) failure = new ProblemException(new Problem(ProblemKind.Internal, $"The ledger cannot be written: {sqlite.Message}"), sqlite);
        foreach (var write in writes) write.End(failure);
    }
}

/// <summary>A write that waits for its commit.</summary>
internal abstract class SqliteWrite
{
    /// <summary>Whether it must survive a loss of power.</summary>
    public abstract bool IsDurable { get; }

    /// <summary>Does the work, within a transaction.</summary>
    public abstract void Run(SqliteStatements statements);

    /// <summary>Tells who waits that the work is committed, or why it is not.</summary>
    public abstract void End(Exception? failure);
}

/// <inheritdoc/>
internal sealed class SqliteWrite<TResult>(Func<SqliteStatements, TResult> work, bool isDurable) : SqliteWrite
{
    private readonly TaskCompletionSource<TResult> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? result;

    /// <summary>Ends with the commit.</summary>
    public Task<TResult> Task => ended.Task;

    public override bool IsDurable => isDurable;

    public override void Run(SqliteStatements statements) => result = work(statements);

    public override void End(Exception? failure)
    {
        if (failure is null) ended.SetResult(result!);
        else ended.SetException(failure);
    }
}
