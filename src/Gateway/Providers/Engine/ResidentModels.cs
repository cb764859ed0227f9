using Countersign.Engine;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Problems;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>The models of one folder that are in memory: loaded when first asked for, within a budget of memory (the longest unused make room), unloaded when idle. Thread-safe.</summary>
internal sealed class ResidentModels(EngineOptions options, TimeProvider time, ILogger log, GatewayMetrics metrics) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<ModelUse, ResidentModel> residents = [];
    private readonly long budget = options.MemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;
    private bool retired;

    /// <summary>The models that are in memory or on their way there.</summary>
    public IReadOnlyList<string> Names { get { lock (gate) return [.. residents.Keys.Select(use => use.Model)]; } }

    /// <summary>A model, loaded first where it is not. Who stops waiting does not stop the loading.</summary>
    /// <param name="use">Which.</param>
    /// <param name="progress">Told how much is loaded, from 0 to 1, if this call is the one that loads it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="EngineException">Its file is missing or cannot be used.</exception>
    /// <exception cref="ProblemException">There is no room for it.</exception>
    public async ValueTask<ModelLease> TakeAsync(ModelUse use, Action<double>? progress, CancellationToken cancellationToken)
    {
        var resident = Hold(use) ?? Hold(use, ModelFile.Find(use, options).Watched(progress));
        try
        {
            return new ModelLease(await resident.Loaded.WaitAsync(cancellationToken), () => Release(resident));
        }
        catch
        {
            Release(resident);
            throw;
        }
    }

    /// <summary>Unloads each model when its last call has ended: the configuration has other models now.</summary>
    public void Retire()
    {
        lock (gate)
        {
            retired = true;
            foreach (var unused in residents.Values.Where(resident => resident.Leases == 0).ToList()) Remove(unused).Unload();
        }
    }

    /// <summary>Unloads everything; calls that still run fail.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var resident in residents.Values.ToList()) Remove(resident).Unload();
        }
    }

    private ResidentModel? Hold(ModelUse use)
    {
        lock (gate)
        {
            if (!residents.TryGetValue(use, out var resident)) return null;
            resident.Leases++;
            resident.UnloadAfter(null);
            return resident;
        }
    }

    private ResidentModel Hold(ModelUse use, ModelFile file)
    {
        lock (gate)
        {
            if (Hold(use) is { } loadedMeanwhile) return loadedMeanwhile;
            var evicted = MakeRoom(use.Model, file.Bytes);
            var idle = time.CreateTimer(_ => UnloadIfIdle(use), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var resident = residents[use] = new ResidentModel(use, file, idle) { Leases = 1 };
            resident.Load(evicted, time, log);
            return resident;
        }
    }

    private List<ResidentModel> MakeRoom(string name, long bytes)
    {
        if (bytes > budget) throw new ProblemException(new Problem(ProblemKind.UpstreamUnavailable, $"'{name}' needs {Mebibytes(bytes)} of memory, and the engine may use {Mebibytes(budget)}: allow it more (`memory`), or a shorter context (`ctx_size`).", Code: "out_of_memory"));
        long over = residents.Values.Sum(resident => resident.Bytes) + bytes - budget;
        var evicted = new List<ResidentModel>();
        foreach (var unused in residents.Values.Where(resident => resident is { Leases: 0, Loaded.IsCompleted: true }).OrderBy(resident => resident.LastUsed))
        {
            if (over <= 0) break;
            evicted.Add(unused);
            over -= unused.Bytes;
        }

        if (over > 0) throw new ProblemException(new Problem(ProblemKind.RateLimited, $"There is no memory for '{name}' while {string.Join(", ", residents.Values.Except(evicted).Select(resident => resident.Use.Model))} is in use. Try again later.", Code: FailureRules.QueueFull, RetryAfter: TimeSpan.FromSeconds(5)));
        foreach (var unused in evicted) Remove(unused);
        return evicted;
    }

    private void Release(ResidentModel resident)
    {
        lock (gate)
        {
            resident.TellGuesses(metrics);
            if (--resident.Leases > 0 || !residents.ContainsValue(resident)) return;
            resident.LastUsed = time.GetTimestamp();
            if (retired || resident.Loaded.IsFaulted) Remove(resident).Unload();
            else resident.UnloadAfter(options.UnloadAfter);
        }
    }

    private void UnloadIfIdle(ModelUse use)
    {
        lock (gate)
        {
            if (residents.TryGetValue(use, out var resident) && resident.Leases == 0 && time.GetElapsedTime(resident.LastUsed) >= options.UnloadAfter) Remove(resident).Unload();
        }
    }

    private ResidentModel Remove(ResidentModel resident)
    {
        residents.Remove(resident.Use);
        return resident;
    }

    private static string Mebibytes(long bytes) => $"{bytes >> 20} MiB";
}
