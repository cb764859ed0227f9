using Microsoft.Extensions.Hosting;

namespace Countersign.Gateway.Pipeline;

/// <summary>Whether new requests are welcome: from the start until the server is told to stop.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime)
{
    public bool IsReady => lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
}
