using System.Collections.Concurrent;

namespace Countersign.Gateway.Providers.Http;

/// <summary>The connections to upstreams, pooled and kept over configuration reloads; lives as long as the server. Thread-safe.
/// The environment's proxies are not used, redirects are not followed and cookies are not kept: a call goes where the configuration says, with nothing else in it.</summary>
internal sealed class UpstreamConnections : IDisposable
{
    // A handler has one connect timeout, so there is one for each value that configurations use.
    private readonly ConcurrentDictionary<TimeSpan, HttpMessageInvoker> invokers = new();

    /// <summary>The connections that are made within <paramref name="connectTimeout"/>.</summary>
    public HttpMessageInvoker For(TimeSpan connectTimeout) =>
        invokers.TryGetValue(connectTimeout, out var invoker) ? invoker : invokers.GetOrAdd(connectTimeout, Create);

    public void Dispose()
    {
        foreach (var invoker in invokers.Values) invoker.Dispose();
    }

    private static HttpMessageInvoker Create(TimeSpan connectTimeout) => new(new SocketsHttpHandler
    {
        ConnectTimeout = connectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a changed address is noticed
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 0, // An answer that is given up must end upstream at once, not when it has been read.
        ActivityHeadersPropagator = null, // Trace ids stay in the house.
        PlaintextStreamFilter = static (context, _) => new(new ReadAheadStream(context.PlaintextStream)),
    });
}
