using System.Diagnostics;
using System.Globalization;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Names processes that share a ledger's file, and tells whether one is still there.</summary>
internal static class LedgerProcess
{
    /// <summary>After this, a reservation of another machine (a container with a name of its own) is taken to be left over: its process cannot be looked at.</summary>
    private static readonly TimeSpan ForeignExpiry = TimeSpan.FromHours(1);

    /// <summary>The system computes a start time anew at every look, with an error below this.</summary>
    private const long StartToleranceSeconds = 2;

    /// <summary>This process: machine, id and start, for ids are used again.</summary>
    public static string Current { get; } = Name();

    /// <summary>Whether a process is certainly gone.</summary>
    /// <param name="name">The process.</param>
    /// <param name="lastSeen">When it last reserved something.</param>
    /// <param name="now">The time.</param>
    public static bool IsDead(string name, DateTimeOffset lastSeen, DateTimeOffset now)
    {
        if (name == Current) return false;
        string[] parts = name.Split('|');
        if (parts is not [var machine, var id, var start] || machine != Environment.MachineName) return now - lastSeen > ForeignExpiry;
        return StartOf(int.Parse(id, CultureInfo.InvariantCulture)) is not { } running || Math.Abs(running - long.Parse(start, CultureInfo.InvariantCulture)) > StartToleranceSeconds;
    }

    private static string Name() => string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}|{Environment.ProcessId}|{StartOf(Environment.ProcessId)}");

    /// <summary>When a process started, in seconds since 1970; <c>null</c> where there is none.</summary>
    private static long? StartOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
