using System.Diagnostics;
using System.Globalization;
using Countersign.Gateway.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Tests.Ledger;

/// <summary>The ledger law: a request's rows are committed before its answer ends, so that a process killed at any moment loses nothing that a client saw completed.
/// COUNTERSIGN_LEDGER_KILLS sets how often the process is killed.</summary>
public sealed class LedgerLawTests : IDisposable
{
    private const int Seed = 20260314;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Process_KilledAtRandomMoments_LosesNothingThatItConfirmed()
    {
        int kills = int.Parse(Environment.GetEnvironmentVariable("COUNTERSIGN_LEDGER_KILLS") ?? "50", CultureInfo.InvariantCulture);
        var random = new Random(Seed);
        HashSet<string> confirmed = [];
        for (int kill = 0; kill < kills; kill++)
        {
            confirmed.UnionWith(await RunAndKillAsync($"run{kill}", atLine: random.Next(1, 400), wait: TimeSpan.FromMicroseconds(random.Next(0, 3000))));
            if (kill % 10 == 9 || kill == kills - 1) await CheckAsync(confirmed);
        }

        Assert.True(confirmed.Count > kills * 20, $"Only {confirmed.Count} requests were confirmed: the kills test nothing.");
    }

    [Fact]
    public async Task Process_ThatIsLeftAlone_ConfirmsEverything()
    {
        using var process = Start("whole", most: 500);
        string[] lines = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 500), (process.ExitCode, lines.Length));
        await CheckAsync([.. lines]);
    }

    /// <summary>The ids that the process confirmed before it died: some moments after it had printed so many lines.</summary>
    private async Task<List<string>> RunAndKillAsync(string prefix, int atLine, TimeSpan wait)
    {
        using var process = Start(prefix);
        List<string> lines = [];
        while (lines.Count < atLine) lines.Add(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync()));
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < wait) Thread.SpinWait(20);
        process.Kill();
        string rest = await process.StandardOutput.ReadToEndAsync();
        lines.AddRange(rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)); // A line that was cut confirms nothing.
        await process.WaitForExitAsync();
        return lines;
    }

    private Process Start(string prefix, int? most = null)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        List<string> arguments = [Path.Combine(AppContext.BaseDirectory, "LedgerVictim.dll"), folder.File("ledger.db"), prefix];
        if (most is { } number) arguments.Add(number.ToString(CultureInfo.InvariantCulture));
        return Process.Start(new ProcessStartInfo(dotnet, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private async Task CheckAsync(HashSet<string> confirmed)
    {
        await SqliteLedger.Open(folder.File("ledger.db"), TimeProvider.System).DisposeAsync(); // As the next process would.
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(folder.File("ledger.db"))!, "*.settled-*"));
        using var connection = new SqliteConnection($"Data Source={folder.File("ledger.db")};Pooling=False");
        connection.Open();
        Assert.Equal("ok", Text(connection, "PRAGMA integrity_check"));
        Assert.Equal("", Text(connection, "SELECT coalesce(group_concat(id), '') FROM requests WHERE seq NOT IN (SELECT request FROM attempts GROUP BY request HAVING count(*) = 2)"));
        Assert.Equal("", Text(connection, "SELECT coalesce(group_concat(id), '') FROM requests WHERE seq NOT IN (SELECT request FROM verdicts GROUP BY request HAVING count(*) = 2)"));
        Assert.Equal(Text(connection, "SELECT sum(charged) FROM requests"), Text(connection, "SELECT sum(amount) FROM spending WHERE scope = 'key:key_victim'"));
        Assert.Empty(confirmed.Except(Ids(connection)));
    }

    private static HashSet<string> Ids(SqliteConnection connection)
    {
        using var statement = new SqliteStatement(connection, "SELECT id FROM requests");
        using var rows = statement.Rows();
        HashSet<string> ids = [];
        while (rows.Read()) ids.Add(rows.GetString(0));
        return ids;
    }

    private static string Text(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(connection, sql);
        return Convert.ToString(statement.Value(), CultureInfo.InvariantCulture)!;
    }
}
