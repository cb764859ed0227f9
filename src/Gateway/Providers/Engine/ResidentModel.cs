using Countersign.Engine;
using Countersign.Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>A model in memory, or on its way there. All but <see cref="Loaded"/> is guarded by the <see cref="ResidentModels"/> that it belongs to.</summary>
internal sealed class ResidentModel(ModelUse use, ModelFile file, ITimer idle)
{
    private (long Guessed, long Held) told;

    public ModelUse Use => use;

    /// <summary>The memory that it takes.</summary>
    public long Bytes => file.Bytes;

    /// <summary>How many calls use it.</summary>
    public int Leases { get; set; }

    /// <summary>When the last of them ended, on the monotonic clock.</summary>
    public long LastUsed { get; set; }

    /// <summary>The model, once it is loaded.</summary>
    public Task<LoadedModel> Loaded { get; private set; } = null!;

    /// <summary>Begins to load it, when those that it takes the place of are gone. A thread of its own does, as that takes as long as reading the file.</summary>
    public void Load(IReadOnlyList<ResidentModel> evicted, TimeProvider time, ILogger log) => Loaded = Task.Factory.StartNew(
        () =>
        {
            foreach (var other in evicted) other.Unload();
            log.Loading(use.Model, file.Bytes);
            long start = time.GetTimestamp();
            var loaded = new LoadedModel(file.Load());
            var took = time.GetElapsedTime(start);
            log.Loaded(use.Model, took);
            return loaded;
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Has what was guessed since the last time counted.</summary>
    public void TellGuesses(GatewayMetrics metrics)
    {
        if (!Loaded.IsCompletedSuccessfully) return;
        var (guessed, held) = Loaded.Result.Engine.Guesses;
        metrics.RecordGuesses(use.Model, guessed - told.Guessed, held - told.Held);
        told = (guessed, held);
    }

    /// <summary>Has it unloaded if nobody uses it for so long; no time: not any more.</summary>
    public void UnloadAfter(TimeSpan? time) => idle.Change(time ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Gives its memory back: now, or when it has been loaded.</summary>
    public void Unload()
    {
        idle.Dispose();
        Loaded.ContinueWith(static loaded => loaded.Result.Engine.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}

/// <summary>A model that is in use: it stays in memory until this is disposed of.</summary>
internal sealed class ModelLease(LoadedModel model, Action release) : IDisposable
{
    public LoadedModel Model => model;

    public void Dispose() => release();
}
