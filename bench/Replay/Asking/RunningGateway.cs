using System.Globalization;
using Countersign.Gateway;
using Countersign.Gateway.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Replay.Asking;

/// <summary>The whole gateway with a route file, in this process, behind its own HTTP server on a free port.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly GatewayHost host;
    private readonly ConfigurationSource configurations;

    private RunningGateway(GatewayHost host, ConfigurationSource configurations) => (this.host, this.configurations) = (host, configurations);

    /// <summary>Where it listens.</summary>
    public Uri Address => new(host.Address);

    /// <summary>Reads a route file; the variables that it names are the upstream's address, the ledger's file, the folders of checks and of the weights that ship, and the patience.</summary>
    /// <exception cref="InvalidDataException">The file has problems; the message lists them all.</exception>
    public static GatewayConfiguration Read(string file, string upstream, ReplayOptions options)
    {
        string? Variable(string name) => name switch
        {
            "REPLAY_UPSTREAM" => upstream,
            "REPLAY_LEDGER" => Path.GetFullPath(options.Ledger),
            "REPLAY_MODELS" => Places.Models,
            "REPLAY_CHECKS" => Path.Combine(AppContext.BaseDirectory, "checks"),
            "REPLAY_PATIENCE" => options.Patience.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + "ms",
            _ => null,
        };
        var loaded = ConfigurationLoader.LoadFile(file, new ConfigurationEnvironment(Variable, options.Routes));
        return loaded.Configuration ?? throw new InvalidDataException(string.Join('\n', loaded.Problems.Select(problem => problem.ToString())));
    }

    /// <summary>Starts it.</summary>
    public static async Task<RunningGateway> StartAsync(GatewayConfiguration configuration, CancellationToken cancellationToken)
    {
        var source = new ConfigurationSource(configuration, NullLogger<ConfigurationSource>.Instance);
        return new RunningGateway(await GatewayHost.StartAsync(source, "127.0.0.1:0", NullLoggerFactory.Instance, cancellationToken), source);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        configurations.Dispose();
    }
}
