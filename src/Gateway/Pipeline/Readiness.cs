using Countersign.Gateway.Ledger.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Countersign.Gateway.Pipeline;

/// <summary>Whether new requests are welcome: from the start until the server is told to stop, while the ledger can be written.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, SqliteLedger ledger)
{
    /// <summary>Why they are not welcome; <c>null</c> where they are.</summary>
    public string? WhyNot => !lifetime.ApplicationStarted.IsCancellationRequested ? "starting"
        : lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
        : ledger.Trouble?.Message;
}
