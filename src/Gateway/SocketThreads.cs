namespace Countersign.Gateway;

/// <summary>What waits for a socket goes on upon the thread that saw the socket ready, one such thread per core, not upon a pool thread that must be woken first: a chunk of a stream
/// then costs no change of threads. So nothing that takes long may run there. Verdicts and the endpoints that read the ledger hop off first (<see cref="HopAsync"/>); settling a request
/// is one call of the system.</summary>
internal static class SocketThreads
{
    // Read by System.Net.Sockets when the process opens its first socket, and documented nowhere but there:
    // https://github.com/dotnet/runtime/blob/main/src/libraries/System.Net.Sockets/src/System/Net/Sockets/SocketAsyncEngine.Unix.cs
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Has it so, unless the environment says otherwise; without effect once the process has used a socket.</summary>
    public static void Prefer()
    {
        if (Environment.GetEnvironmentVariable(Switch) is null) Environment.SetEnvironmentVariable(Switch, "1");
    }

    /// <summary>Goes on upon a pool thread.</summary>
    public static async Task HopAsync() => await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
