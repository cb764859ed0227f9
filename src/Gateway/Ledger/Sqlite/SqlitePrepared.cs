using Countersign.Gateway.Ledger.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>A statement that every request runs, prepared once and bound by position, straight over SQLite's C interface: the driver's command looks up every parameter by name
/// and makes a reader for every run, which costs as much as SQLite's own work. Values are given in the order in which its <c>$parameters</c> first appear. Not thread-safe.</summary>
internal sealed class SqlitePrepared : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly int parameters;

    public SqlitePrepared(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
        parameters = raw.sqlite3_bind_parameter_count(statement);
    }

    /// <summary>Runs it; how many rows it changed.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public int Run(params ReadOnlySpan<RowValue> values) => Run(values, default);

    /// <summary>Runs it with values that were read from a record; how many rows it changed.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public int Run(ReadOnlySpan<RowValue> values, ReadOnlySpan<byte> record)
    {
        Bind(values, record);
        try
        {
            Step();
            return raw.sqlite3_changes(database);
        }
        finally
        {
            raw.sqlite3_reset(statement); // Its result repeats the step's.
        }
    }

    /// <summary>Runs it; the first row's two columns, a whole number and a text, or <c>null</c> where there is no row.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public (long Number, string Text)? First(params ReadOnlySpan<RowValue> values)
    {
        Bind(values, default);
        try
        {
            return Step() ? (raw.sqlite3_column_int64(statement, 0), raw.sqlite3_column_text(statement, 1).utf8_to_string()) : null;
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    public void Dispose() => statement.Dispose();

    private bool Step()
    {
        int result = raw.sqlite3_step(statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE)) Check(result);
        return result == raw.SQLITE_ROW;
    }

    private void Bind(ReadOnlySpan<RowValue> values, ReadOnlySpan<byte> record)
    {
        if (values.Length != parameters) throw new ArgumentException($"The statement takes {parameters} values, not {values.Length}.");
        for (int i = 0; i < values.Length; i++) Check(Bind(i + 1, values[i], record));
    }

    private int Bind(int position, in RowValue value, ReadOnlySpan<byte> record) => value.Kind switch
    {
        RowValueKind.Integer => raw.sqlite3_bind_int64(statement, position, value.Integer),
        RowValueKind.Real => raw.sqlite3_bind_double(statement, position, value.Real),
        RowValueKind.Text => raw.sqlite3_bind_text(statement, position, value.Text),
        RowValueKind.Utf8 when value.Utf8(record) is { IsEmpty: false } text => raw.sqlite3_bind_text(statement, position, text),
        RowValueKind.Utf8 => raw.sqlite3_bind_text(statement, position, ""), // An empty span has no address, which SQLite takes for NULL.
        _ => raw.sqlite3_bind_null(statement, position),
    };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
