using Countersign.Replay.Upstream;
using Countersign.Tests;

namespace Countersign.Replay.Tests;

/// <summary>Replays rows with a ledger of its own, which is gone afterwards.</summary>
internal sealed class Scene : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-replay-").FullName;

    public static string OwnFolder => Path.Combine(SharedData.RepositoryRoot, "bench", "Replay", "own");

    public static string LocalFolder => Places.Local;

    public static string RoutesFolder => Path.Combine(SharedData.RepositoryRoot, "bench", "Replay", "routes");

    public string Ledger => Path.Combine(folder, "ledger.db");

    public ReplayOptions Options(string data, string routes) => new() { Data = data, Routes = routes, Ledger = Ledger };

    /// <summary>Replays a row of the set that is part of the repository.</summary>
    public async Task<Replayed> OwnAsync(string row, FaultPlan? faults = null)
    {
        var options = Options(OwnFolder, OwnFolder) with { Faults = faults ?? FaultPlan.None, Patience = TimeSpan.FromSeconds(faults is null ? 30 : 1) };
        return await RunAsync(Rows.Load(Path.Combine(OwnFolder, "rows.json")).Single(known => known.Name == row), options);
    }

    /// <summary>Replays a row of the set that our own engine's drafts are recorded in.</summary>
    public Task<Replayed> LocalAsync(string row) =>
        RunAsync(Rows.Load(Places.LocalRows).Single(known => known.Name == row), Options(LocalFolder, LocalFolder));

    public static Task<Replayed> RunAsync(Row row, ReplayOptions options) =>
        new Replayer(options, TimeProvider.System).RunAsync(row, _ => { }, () => { }, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
    }
}
