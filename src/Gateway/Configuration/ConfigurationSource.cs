using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Configuration;

/// <summary>The configuration in force: one immutable snapshot, replaced in one assignment when its file changes or SIGHUP comes.
/// A reload that fails changes nothing and logs every problem.</summary>
public sealed class ConfigurationSource : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly Lock reloading = new();
    private readonly string? path;
    private readonly ConfigurationEnvironment environment;
    private readonly ILogger logger;
    private readonly ITimer? timer;
    private readonly PosixSignalRegistration? hangup;
    private volatile GatewayConfiguration current;
    private string? loaded, seen;

    /// <summary>A configuration that never changes: discovered, or made by a test.</summary>
    public ConfigurationSource(GatewayConfiguration configuration, ILogger<ConfigurationSource> logger)
    {
        (current, this.logger, environment) = (configuration, logger, ConfigurationEnvironment.OfProcess());
    }

    /// <summary>A configuration that follows its file.</summary>
    /// <param name="first">What the file said when it was loaded, without problems. A change since then is noticed too.</param>
    /// <param name="path">The file.</param>
    /// <param name="environment">As it was loaded with.</param>
    /// <param name="time">The clock: the file is looked at twice a second, and read once it has changed and stayed as it is for one look.</param>
    /// <param name="logger">Takes what became of each reload.</param>
    public ConfigurationSource(LoadedConfiguration first, string path, ConfigurationEnvironment environment, TimeProvider time, ILogger<ConfigurationSource> logger)
    {
        (current, this.path, this.environment, this.logger) = (first.Configuration!, path, environment, logger);
        loaded = seen = first.Digest;
        timer = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
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
            LoadedConfiguration read = ConfigurationLoader.LoadFile(path, environment);
            loaded = read.Digest;
            if (read.Configuration is not { } next)
            {
                foreach (ConfigurationProblem problem in read.Problems) Log.ProblemFound(logger, problem);
                Log.ReloadFailed(logger, path, read.Problems.Count);
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
        timer?.Dispose();
    }

    // Looked at rather than watched: a watched folder wakes the process for every write to a ledger that lies beside the file, and network folders tell of no change.
    private void Look()
    {
        if (FileDigest.OfFile(path!) is not { } now) return; // Being replaced.
        bool hasSettled = now == seen;
        seen = now;
        if (hasSettled && now != loaded) Reload();
    }

    private void ReloadOnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // Else the process ends.
        Reload();
    }
}
