namespace Countersign.Gateway.Ledger.Sqlite;

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
