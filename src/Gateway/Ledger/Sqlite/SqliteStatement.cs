using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>A prepared statement. Its values are given in the order in which its <c>$parameters</c> first appear. Not thread-safe.</summary>
internal sealed partial class SqliteStatement : IDisposable
{
    private readonly SqliteCommand command;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of this folder; values are always parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in Parameter().Matches(sql).Select(match => match.Value).Distinct())
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
    }

    /// <summary>Runs it; the number of rows changed.</summary>
    public int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row; <c>null</c> where there is no row or the value is NULL.</summary>
    public object? Value(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>Its rows.</summary>
    public SqliteDataReader Rows(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return command.ExecuteReader();
    }

    public void Dispose() => command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        if (values.Length != command.Parameters.Count) throw new ArgumentException($"The statement takes {command.Parameters.Count} values, not {values.Length}.");
        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Parameter();
}
