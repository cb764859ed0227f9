using Countersign.Gateway.Access;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Ledger.Journal;
using Countersign.Gateway.Ledger.Reporting;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>The ledger in a SQLite file: the durable record of requests, attempts, verdicts, outcomes, audits and money. Thread-safe.</summary>
internal sealed class SqliteLedger : IAsyncDisposable
{
    private readonly SqliteFile file;
    private readonly SqliteWriter writer;

    private readonly TimeProvider time;

    private SqliteLedger(SqliteFile file, TimeProvider time, ILogger log)
    {
        this.file = file;
        this.time = time;
        writer = new SqliteWriter(file, log);
    }

    /// <summary>Opens the ledger's file, or makes it where it is missing, and brings it to this version's schema.</summary>
    /// <exception cref="ProblemException">It cannot be opened, is no ledger, or was written by a newer version.</exception>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Is told when finished requests cannot be written to the tables.</param>
    public static SqliteLedger Open(string path, TimeProvider time, ILogger? log = null) => new(SqliteFile.Open(path), time, log ?? NullLogger.Instance);

    /// <summary>Opens a ledger that is only read, and need not be writable.</summary>
    /// <exception cref="ProblemException">It cannot be opened, is no ledger, or was written by a newer version.</exception>
    public static SqliteLedger OpenToRead(string path, TimeProvider time) => new(SqliteFile.OpenToRead(path), time, NullLogger.Instance);

    /// <summary>Where it is.</summary>
    public string Path => file.Path;

    /// <summary>Why finished requests cannot be written to the tables just now; <c>null</c> where they can.</summary>
    public Problem? Trouble => writer.Trouble;

    /// <summary>Refuses a request that could not be kept once it has finished: nothing is to be spent on it. One is found out by a failure of <see cref="Settle"/>; from then on it is tried each time.</summary>
    /// <exception cref="ProblemException">It could not be.</exception>
    public void EnsureWritable() => writer.EnsureWritable();

    /// <summary>Keeps a finished request with its attempts and verdicts, and what its budgets are charged, so that the death of the process does not lose it; the tables have it some milliseconds later, in one
    /// transaction, and before anything is read or written through this. To be called before the answer's last byte is sent.</summary>
    /// <exception cref="ProblemException">It cannot be written.</exception>
    public void Settle(FinishedRequest finished)
    {
        using var rows = new RowBuffer();
        SettledRows.Write(finished, rows);
        writer.Settle(rows);
    }

    /// <summary>A request with all that happened to it. Runs to its end on the caller's thread: SQLite has nothing to await.</summary>
    /// <exception cref="ProblemException">There is none of this id, or it is another caller's and <paramref name="caller"/> is no admin.</exception>
    public Task<StoredRequest> GetRequestAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = Read(connection => RequestReader.Read(connection, id));
        return found is not null && (caller.IsAdmin || found.Caller == caller.Id) ? Task.FromResult(found) : throw new ProblemException(NoRequest.Of(id, "id"));
    }

    /// <summary>Whether a request of this id was settled.</summary>
    public bool Has(string id) => Read(connection => RequestReader.Read(connection, id)) is not null;

    /// <summary>Sums up requests. Runs to its end on the caller's thread; a second or so per million requests.</summary>
    public Report ReadReport(ReportQuery query) => Read(connection => ReportReader.Read(connection, query));

    /// <summary>Records what a caller says of a finished request. A later report wins; the earlier are kept as history.</summary>
    /// <exception cref="ProblemException">A field is out of range; there is no such request of this caller; or the idempotency key was used for something else.</exception>
    public async Task<StoredOutcome> RecordOutcomeAsync(Outcome outcome, Caller caller)
    {
        outcome.Check();
        var (stored, problem) = await writer.WriteAsync(statements => statements.Outcomes.Report(outcome, caller, time.GetUtcNow()));
        return stored ?? throw new ProblemException(problem!);
    }

    /// <summary>Records an audit and bills what it took to the request, its key and its route.</summary>
    /// <exception cref="ProblemException">There is no such request.</exception>
    public async Task RecordAuditAsync(Audit audit)
    {
        var problem = await writer.WriteAsync(statements => statements.Outcomes.Record(audit, statements.Settle, statements.Budgets, time.GetUtcNow()));
        if (problem is not null) throw new ProblemException(problem);
    }

    /// <summary>Keeps the prices of deployments where they changed. To be called with each new configuration.</summary>
    public Task RecordPricesAsync(IEnumerable<Deployment> deployments) => writer.WriteAsync(statements => statements.Prices.Record(deployments, time.GetUtcNow()));

    /// <summary>Reserves money in every scope for a request: as much as all allow, between <paramref name="least"/> and <paramref name="most"/> US dollars, or nothing where one allows less.
    /// Not synced to disk: a reservation dies with its process anyway.</summary>
    public Task<Granted> ReserveAsync(string request, IReadOnlyList<BudgetScope> scopes, decimal least, decimal most) =>
        writer.WriteAsync(statements => statements.Budgets.Reserve(request, scopes, least, most, time.GetUtcNow(), statements.SettleLeft), isDurable: false);

    /// <summary>Gives up what was reserved for a request that did not run.</summary>
    public Task ReleaseAsync(string request) => writer.WriteAsync(statements => statements.Budgets.Release(request), isDurable: false);

    /// <summary>Writes a new API key.</summary>
    public Task AddKeyAsync(ApiKey key, byte[] hash) => writer.WriteAsync(statements => statements.Keys.Add(key, hash));

    /// <summary>Marks an API key as revoked.</summary>
    public Task RevokeKeyAsync(string id, DateTimeOffset at) => writer.WriteAsync(statements => statements.Keys.Revoke(id, at));

    /// <summary>Every API key with its hash.</summary>
    /// <exception cref="ProblemException">The file cannot be read.</exception>
    public KeptKeys ReadKeys() => Read(KeyStatements.Read);

    /// <summary>Commits what is waiting and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        file.ClosePool();
    }

    private TResult Read<TResult>(Func<SqliteConnection, TResult> read)
    {
        writer.Flush();
        try
        {
            using var connection = file.ConnectToRead();
            return read(connection);
        }
        catch (SqliteException exception)
        {
            throw new ProblemException(new Problem(ProblemKind.Internal, $"The ledger cannot be read: {exception.Message}"), exception);
        }
    }
}
