using System.Diagnostics;
using Countersign.Gateway.Ledger.Journal;
using Countersign.Protocol.Problems;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>The one thread that writes to the ledger's tables. A finished request goes into the journal first, which is one call of the system, and is in the tables some milliseconds later, with all
/// that finished meanwhile, in one transaction and with one sync of the disk. Any other write is committed at once, together with those that wait, and after what is in the journal.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>Writes that may wait; further ones wait for a place.</summary>
    private const int Capacity = 4096;

    /// <summary>What the journal may hold where the tables cannot be written; further requests fail.</summary>
    private const int MostJournalBytes = 64 * 1024 * 1024;

    /// <summary>How long a finished request waits for others. A loss of power loses what finished in this time, and during the transaction before.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    /// <summary>When the tables are tried again after they could not be written.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly object gate = new();
    private readonly SemaphoreSlim places = new(Capacity);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteTransactions transactions;
    private readonly ILogger log;
    private List<SqliteWrite> waiting = [], batch = [];
    private JournalPage open, closed;
    private long settled, taken, written;
    private long due = long.MaxValue;
    private bool isHurried, isStopping;
    private int unkept;
    private ProblemException? failure;

    /// <summary>Opens it, and writes first what processes left that are no more.</summary>
    public SqliteWriter(SqliteFile file, ILogger log)
    {
        this.log = log;
        var journal = new JournalFiles(file.Path);
        transactions = new SqliteTransactions(file, journal, log);
        journal.Recover(transactions.Recover);
        (open, closed) = (journal.NewPage(), journal.NewPage());
        new Thread(Loop) { Name = "ledger writer", IsBackground = true }.Start();
    }

    /// <summary>Why finished requests wait in the journal and cannot be written to the tables, or cannot even be kept there; <c>null</c> where they can.</summary>
    public Problem? Trouble => (Volatile.Read(ref failure) ?? WhyUnkept())?.Problem;

    /// <summary>Keeps a finished request: when this returns, the death of the process does not lose it.</summary>
    /// <exception cref="ProblemException">The journal cannot be written.</exception>
    public void Settle(RowBuffer rows)
    {
        var record = rows.Framed();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isStopping, this);
            Append(record);
            settled++;
            if (due < long.MaxValue) return;
            due = Stopwatch.GetTimestamp() + Ticks(Gather);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Refuses where the last finished request could not be kept and another could not be either: to be called before anything is spent.</summary>
    /// <exception cref="ProblemException">The journal cannot be written.</exception>
    public void EnsureWritable()
    {
        if (WhyUnkept() is { } why) throw why;
    }

    /// <summary>Waits until the tables have what was settled before.</summary>
    /// <exception cref="ProblemException">They cannot be written.</exception>
    public void Flush()
    {
        lock (gate)
        {
            long all = settled;
            for (bool waited = false; written < all; waited = true)
            {
                if (waited && failure is not null) throw failure;
                isHurried = true;
                Monitor.PulseAll(gate);
                Monitor.Wait(gate);
            }
        }
    }

    /// <summary>Runs <paramref name="work"/> in a transaction; the task ends when that is committed. The work may run twice (where another write of its batch failed), so it touches nothing but the database.</summary>
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
            if (waiting.Count == 1) Monitor.PulseAll(gate);
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

    /// <summary>Writes what is waiting, then ends. What cannot be written stays in the journal, for the next process.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            isStopping = true;
            Monitor.PulseAll(gate);
        }

        await ended.Task;
    }

    private void Loop()
    {
        while (Next())
        {
            var problem = transactions.Write(closed.Records, batch);
            if (batch.Count > 0) places.Release(batch.Count);
            batch.Clear();
            Finish(problem);
        }

        open.Dispose();
        closed.Dispose();
        transactions.Dispose();
        ended.SetResult();
    }

    /// <summary>Waits until there is something to write and takes it; <c>false</c> at the end.</summary>
    private bool Next()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !isHurried && !isStopping && due > Stopwatch.GetTimestamp()) Wait();
            if (isStopping && waiting.Count == 0 && (failure is not null || (open.IsEmpty && closed.IsEmpty))) return false;
            (batch, waiting) = (waiting, batch);
            isHurried = false;
            if (!closed.IsEmpty) return true; // It could not be written and is tried again.
            (open, closed) = (closed, open);
            (taken, due) = (settled, long.MaxValue);
            return true;
        }
    }

    private void Wait()
    {
        if (due == long.MaxValue) Monitor.Wait(gate);
        else Monitor.Wait(gate, 1 + (int)(Math.Max(0, due - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency));
    }

    private void Finish(ProblemException? problem)
    {
        lock (gate)
        {
            var earlier = failure;
            failure = problem;
            if (failure is null) Forget();
            if (earlier is null && failure is not null) log.TablesBroke(failure.Problem.Message);
            if (earlier is not null && failure is null) log.TablesMended();
            if (failure is not null) due = Stopwatch.GetTimestamp() + Ticks(Pause);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>The tables have what is in the closed page.</summary>
    private void Forget()
    {
        try
        {
            closed.Clear();
            written = taken;
        }
        catch (IOException exception)
        {
            failure = Broken(exception.Message, exception);
        }
    }

    private void Append(ReadOnlySpan<byte> record)
    {
        if (WhyFull is { } full)
        {
            unkept = record.Length;
            throw full;
        }

        try
        {
            open.Append(record);
            unkept = 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            unkept = record.Length;
            throw Broken(exception.Message, exception);
        }
    }

    /// <summary>Why a record as large as the last one could not be kept; <c>null</c> where that one was, or would be now.</summary>
    private ProblemException? WhyUnkept()
    {
        if (Volatile.Read(ref unkept) == 0) return null;
        lock (gate)
        {
            if (unkept == 0) return null; // A later one was kept meanwhile.
            if (isStopping || WhyFull is not null) return WhyFull;
            try
            {
                open.MakeRoom(unkept);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return Broken(exception.Message, exception);
            }

            unkept = 0;
            return null;
        }
    }

    private ProblemException? WhyFull => open.Records.Length > MostJournalBytes ? failure ?? Broken("its journal is full.") : null;

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static ProblemException Broken(string why, Exception? cause = null) => new(new Problem(ProblemKind.Unavailable, $"The ledger cannot be written: {why}"), cause);
}
