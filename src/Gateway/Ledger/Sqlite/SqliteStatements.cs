using Countersign.Gateway.Ledger.Journal;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>The writer's prepared statements, by what they are about.</summary>
internal sealed class SqliteStatements(SqliteConnection connection, JournalFiles journal) : IDisposable
{
    /// <summary>Requests with their attempts and verdicts.</summary>
    public SettleStatements Settle { get; } = new(connection);

    /// <summary>Money promised and charged.</summary>
    public BudgetStatements Budgets { get; } = new(connection);

    /// <summary>API keys.</summary>
    public KeyStatements Keys { get; } = new(connection);

    /// <summary>Outcomes and audits.</summary>
    public OutcomeStatements Outcomes { get; } = new(connection);

    /// <summary>What deployments charged.</summary>
    public PriceStatements Prices { get; } = new(connection);

    /// <summary>Writes down a journal's records.</summary>
    public void Apply(ReadOnlySpan<byte> records)
    {
        while (Frame.TryTake(ref records, out var record)) Settle.Apply(record, Budgets);
    }

    /// <summary>Writes down what processes settled that are no more.</summary>
    public void SettleLeft() => journal.Read(Apply);

    public void Dispose()
    {
        Prices.Dispose();
        Outcomes.Dispose();
        Keys.Dispose();
        Settle.Dispose();
        Budgets.Dispose();
    }
}
