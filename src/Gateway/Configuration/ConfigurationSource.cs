using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Configuration;

/// <summary>The configuration in force: one immutable snapshot, replaced in one assignment when its file changes or SIGHUP comes.
/// A reload that fails changes nothing and logs every problem.</summary>
public sealed class ConfigurationSource : IDisposable
{
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    private readonly Lock reloading = new();
    private readonly string? path;
    private readonly ConfigurationEnvironment environment;
    private readonly ILogger logger;
    private readonly FileSystemWatcher? watcher;
    private readonly ITimer? settled;
    private readonly PosixSignalRegistration? hangup;
    private volatile GatewayConfiguration current;

    /// <summary>A configuration that never changes: discovered, or made by a test.</summary>
    public ConfigurationSource(GatewayConfiguration configuration, ILogger<ConfigurationSource> logger)
    {
        (current, this.logger, environment) = (configuration, logger, ConfigurationEnvironment.OfProcess());
    }

    /// <summary>A configuration that follows its file.</summary>
    /// <param name="configuration">What the file said when it was loaded.</param>
    /// <param name="path">The file.</param>
    /// <param name="environment">As it was loaded with.</param>
    /// <param name="time">The clock: a file is read when it has been quiet for a fifth of a second.</param>
    /// <param name="logger">Takes what became of each reload.</param>
    public ConfigurationSource(GatewayConfiguration configuration, string path, ConfigurationEnvironment environment, TimeProvider time, ILogger<ConfigurationSource> logger)
    {
        (current, this.path, this.environment, this.logger) = (configuration, path, environment, logger);
        settled = time.CreateTimer(_ => Reload(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        watcher = Watch(Path.GetFullPath(path));
        if (!OperatingSystem.IsWindows()) hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, ReloadOnSignal);
    }

    /// <summary>The snapshot in force. A request takes it once and keeps it.</summary>
    public GatewayConfiguration Current => current;

    /// <summary>Another snapshot is in force. Raised one at a time, on the thread that reloaded.</summary>
    public event Action<GatewayConfiguration>? Changed;

    /// <summary>Reads the file again. <c>false</c> where it has problems, which are logged: the snapshot then stays.</summary>
    public bool Reload()
    {
        if (path is null) return true;
        lock (reloading)
        {
            LoadedConfiguration loaded = ConfigurationLoader.LoadFile(path, environment);
            if (loaded.Configuration is not { } next)
            {
                foreach (ConfigurationProblem problem in loaded.Problems) Log.ProblemFound(logger, problem);
                Log.ReloadFailed(logger, path, loaded.Problems.Count);
                return false;
            }

            Log.Reloaded(logger, path, next.Version);
            if (next.Server != current.Server || next.Ledger != current.Ledger) Log.NeedsRestart(logger);
            current = next;
            Changed?.Invoke(next);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        hangup?.Dispose();
        watcher?.Dispose();
        settled?.Dispose();
    }

    // The folder is watched, as editors and Kubernetes replace a file rather than write into it; "..data" is the link that the latter turns.
    private FileSystemWatcher Watch(string file)
    {
        var folder = new FileSystemWatcher(Path.GetDirectoryName(file)!) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size };
        folder.Changed += (_, change) => Touched(file, change.Name);
        folder.Created += (_, change) => Touched(file, change.Name);
        folder.Renamed += (_, change) => Touched(file, change.Name);
        folder.EnableRaisingEvents = true;
        return folder;
    }

    private void Touched(string file, string? name)
    {
        if (name == Path.GetFileName(file) || name == "..data") settled?.Change(Settling, Timeout.InfiniteTimeSpan);
    }

    private void ReloadOnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // Else the process ends.
        Reload();
    }
}
