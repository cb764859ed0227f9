using System.Runtime.InteropServices;

namespace Countersign.Cli;

/// <summary>Ctrl+C and SIGTERM: the first asks to stop, which takes as long as it takes; the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private const int ExitCodeBase = 128; // As shells show the death by a signal.

    private readonly CancellationTokenSource stop = new();
    private readonly PosixSignalRegistration[] registrations;

    public StopSignals() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Take(context, 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Take(context, 15)),
    ];

    /// <summary>Cancelled by the first.</summary>
    public CancellationToken Stop => stop.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose(); // The source is not: a signal may be on its way.
    }

    private void Take(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (stop.IsCancellationRequested) Environment.Exit(ExitCodeBase + number);
        stop.Cancel();
    }
}
