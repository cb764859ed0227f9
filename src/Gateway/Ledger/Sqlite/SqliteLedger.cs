using Countersign.Gateway.Access;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>The ledger in a SQLite file: the durable record of requests, attempts, verdicts, outcomes, audits and money. Thread-safe.</summary>
internal sealed class SqliteLedger : IAsyncDisposable
{
    private readonly SqliteFile file;
    private readonly SqliteWriter writer;

    private SqliteLedger(SqliteFile file)
    {
        this.file = file;
        writer = new SqliteWriter(file);
    }

    /// <summary>Opens the ledger's file, or makes it where it is missing, and brings it to this version's schema.</summary>
    /// <exception cref="ProblemException">It cannot be opened, is no ledger, or was written by a newer version.</exception>
    public static SqliteLedger Open(string path) => new(SqliteFile.Open(path));

    /// <summary>Where it is.</summary>
    public string Path => file.Path;

    /// <summary>Writes a finished request with its attempts and verdicts and charges its budgets, in one transaction; ends when that is on disk. To be awaited before the answer's last byte is sent.
    /// It cannot be cancelled: the money is spent, whether the client is still there or not.</summary>
    /// <exception cref="ProblemException">The file cannot be written.</exception>
    public Task SettleAsync(FinishedRequest finished) => writer.WriteAsync(statements =>
    {
        statements.Settle.Write(finished, statements.Budgets.Charge(finished));
        return true;
    });

    /// <summary>A request with all that happened to it. Runs to its end on the caller's thread: SQLite has nothing to await.</summary>
    /// <exception cref="ProblemException">There is none of this id, or it is another caller's and <paramref name="caller"/> is no admin.</exception>
    public Task<StoredRequest> GetRequestAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var connection = file.ConnectToRead();
        var found = RequestReader.Read(connection, id);
        return found is not null && (caller.IsAdmin || found.Caller == caller.Id) ? Task.FromResult(found) : throw NoSuchRequest(id);
    }

    /// <summary>Commits what is waiting and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        file.ClosePool();
    }

    private static ProblemException NoSuchRequest(string id) =>
        new(new Problem(ProblemKind.NotFound, $"There is no request '{id}' of this key. The id is in the response header x-countersign-request-id.", "id", "request_not_found"));
}
