using System.CommandLine;
using System.Text.Json;
using Countersign.Cli;
using Countersign.Cli.Commands;
using Countersign.Replay.Recording;
using Countersign.Replay.Results;
using Countersign.Replay.Upstream;

namespace Countersign.Replay;

/// <summary>The command line: replays rows, writes their results and the table, and shows the ledger's report.</summary>
internal static class ReplayCommand
{
    private const string Description = """
        Replays recorded traffic through the gateway's own HTTP server, before an upstream that answers as recorded models did.
        A run of whole sets without faults writes bench/results/replay-<row>.json and the table in docs/replay.md, where the rows have one there; then the ledger's report follows.
        """;

    public static RootCommand Create()
    {
        var data = new Option<string?>("--data") { Description = "The folder of the sets and prices.csv. Left out: the recorded sets beside the repository, and with --rows the folder of that file.", HelpName = "DIR" };
        var rows = new Option<string>("--rows") { Description = "The list of rows; route files lie beside it.", DefaultValueFactory = _ => Places.Rows, HelpName = "FILE" };
        var set = new Option<string?>("--set") { Description = "Only rows of this set.", HelpName = "NAME" };
        var only = new Option<string?>("--row") { Description = "Only this row.", HelpName = "NAME" };
        var limit = new Option<int?>("--limit") { Description = "The most questions a row. Nothing is written then.", HelpName = "N" };
        var faults = new Option<string>("--faults") { Description = $"Shares of calls that fail on purpose, such as rate-limit=0.05,cut=0.02: {string.Join(", ", FaultPlan.Names.Keys)}. Nothing is written then.", DefaultValueFactory = _ => "" };
        var seed = new Option<int>("--seed") { Description = "Draws the calls that fail.", DefaultValueFactory = _ => 1 };
        var latency = new Option<double>("--latency") { Description = "The recorded latency times this is waited; 0: not at all.", DefaultValueFactory = _ => 0 };
        var parallel = new Option<int>("--parallel") { Description = "Requests at once.", DefaultValueFactory = _ => 4 * Environment.ProcessorCount };
        var ledger = new Option<string>("--ledger") { Description = "The ledger's file; made anew.", DefaultValueFactory = _ => Places.Ledger, HelpName = "FILE" };
        var tableOnly = new Option<bool>("--table-only") { Description = "Replay nothing; make the table of the results that are there." };
        var command = new RootCommand(Description) { data, rows, set, only, limit, faults, seed, latency, parallel, ledger, tableOnly, RecordCommand.Create() };
        command.SetAction((parsed, cancellationToken) => GuardAsync(() =>
        {
            string list = Path.GetFullPath(parsed.GetRequiredValue(rows)), routes = Path.GetDirectoryName(list)!;
            var all = Rows.Load(list);
            if (parsed.GetValue(tableOnly)) return Task.FromResult(WriteTable(list, all));
            var options = new ReplayOptions
            {
                Data = parsed.GetValue(data) ?? (list == Places.Rows ? Places.Data : routes),
                Routes = routes,
                Ledger = parsed.GetRequiredValue(ledger),
                Limit = parsed.GetValue(limit),
                Parallel = parsed.GetValue(parallel),
                Faults = FaultPlan.Parse(parsed.GetRequiredValue(faults), parsed.GetValue(seed)),
                LatencyScale = parsed.GetValue(latency),
                Patience = TimeSpan.FromSeconds(parsed.GetRequiredValue(faults).Length > 0 ? 1 : 30),
            };
            var chosen = all.Where(row => (parsed.GetValue(set) ?? row.Set) == row.Set && (parsed.GetValue(only) ?? row.Name) == row.Name).ToList();
            if (chosen.Count == 0) throw new InvalidDataException($"There is no such row; there are {string.Join(", ", all.Select(row => row.Name))}.");
            return RunAsync(chosen, list, all, options, cancellationToken);
        }));
        return command;
    }

    private static async Task<int> GuardAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or FormatException or JsonException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>Replays the rows; 1 where one that is committed does not show what it must.</summary>
    private static async Task<int> RunAsync(List<Row> chosen, string list, IReadOnlyList<Row> all, ReplayOptions options, CancellationToken cancellationToken)
    {
        bool isCommitted = options is { Limit: null, Faults.IsEmpty: true } && TableOf(list) is not null;
        MakeAnew(options.Ledger);
        var results = await Progress.RunAsync(chosen, new Replayer(options, TimeProvider.System), cancellationToken);
        if (isCommitted) foreach (var result in results) await File.WriteAllTextAsync(Path.Combine(Places.Results, ResultsTable.FileName(result.Row)), result.ToJson(), cancellationToken);
        if (isCommitted) WriteTable(list, all);
        Console.WriteLine($"\nWhat the ledger says: countersign report --ledger {Path.GetRelativePath(Directory.GetCurrentDirectory(), options.Ledger)}\n");
        await CommandLine.RunAsync(["report", "--ledger", options.Ledger], new InvocationConfiguration(), ReportCommand.Create());
        return results.All(result => result.Reached) || !isCommitted ? 0 : 1;
    }

    /// <summary>Removes a ledger with all that belongs to it: the journals of a replay that was killed would go into the next ledger of its name.</summary>
    internal static void MakeAnew(string ledger)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(ledger))!;
        Directory.CreateDirectory(folder);
        foreach (string ending in new[] { "", "-wal", "-shm" }) File.Delete(ledger + ending);
        foreach (string journal in Directory.EnumerateFiles(folder, $"{Path.GetFileName(ledger)}.settled-*")) File.Delete(journal);
    }

    /// <summary>Where the table of a list of rows begins in the document; <c>null</c> where it has none.</summary>
    private static string? TableOf(string list) => list == Places.Rows ? ResultsTable.Recorded : list == Places.LocalRows ? ResultsTable.Local : null;

    private static int WriteTable(string list, IReadOnlyList<Row> rows)
    {
        string table = TableOf(list) ?? throw new InvalidDataException($"The rows of {list} have no table in {Places.Document}.");
        File.WriteAllText(Places.Document, ResultsTable.PutInto(File.ReadAllText(Places.Document), table, ResultsTable.Read(Places.Results, rows)));
        return 0;
    }
}
