using Countersign.Cascade.Attempts;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Providers;

/// <summary>Calls models: over HTTP, or in process. Thread-safe; one serves all deployments of its <see cref="ProviderOptions"/>.</summary>
internal interface IProvider
{
    /// <summary>Calls one deployment once: no retry, no fallback. Yields as <see cref="IAttempter.AttemptAsync"/> promises: a failure is an
    /// <see cref="AttemptFailed"/> as the last event, and only the caller's cancellation throws. Giving up the enumeration ends the call at once.</summary>
    IAsyncEnumerable<ChatEvent> CallAsync(ProviderCall call, CancellationToken cancellationToken);
}

/// <summary>What one call needs.</summary>
/// <param name="Deployment">Who is asked.</param>
/// <param name="Attempt">What is asked.</param>
/// <param name="Trace">Takes warnings about what could not be carried.</param>
internal sealed record ProviderCall(Deployment Deployment, AttemptRequest Attempt, RequestTrace Trace);
