using System.CommandLine;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Configuration.Discovery;

namespace Countersign.Cli;

/// <summary>Finds the configuration that a command works with: the file that is named, else <c>countersign.yaml</c> in this folder, else what is there.</summary>
internal static class Configurations
{
    public const string UsualFile = "countersign.yaml";

    /// <summary><c>--config FILE</c>.</summary>
    public static Option<string?> Option() => new("--config", "-c")
    {
        Description = $"The configuration file. Left out: {UsualFile} in this folder; where there is none, what is found: provider keys in the environment, servers on this machine, weights in ./models.",
        HelpName = "FILE",
    };

    /// <summary>The configuration; <c>null</c> where it has problems, which are then on the error stream.</summary>
    /// <param name="file">The file that was named, or <c>null</c>.</param>
    /// <param name="terminal">Takes the problems.</param>
    /// <param name="cancellationToken">Ends the search for servers.</param>
    public static async Task<UsedConfiguration?> LoadAsync(string? file, Terminal terminal, CancellationToken cancellationToken)
    {
        var environment = ConfigurationEnvironment.OfProcess();
        file ??= File.Exists(UsualFile) ? UsualFile : null;
        DiscoveredConfiguration found = file is null ? await DiscoverAsync(environment, cancellationToken) : new DiscoveredConfiguration(ConfigurationLoader.LoadFile(file, environment), []);
        if (found.Loaded.Configuration is not null) return new UsedConfiguration(found.Loaded, file, found.Found);
        Report(found.Loaded.Problems, terminal);
        return null;
    }

    /// <summary>Writes every problem to the error stream, a line each, and their number.</summary>
    public static void Report(IReadOnlyList<ConfigurationProblem> problems, Terminal terminal)
    {
        foreach (ConfigurationProblem problem in problems) terminal.Error(problem.ToString(), "red");
        terminal.Error(problems.Count == 1 ? "1 problem." : $"{problems.Count} problems.");
    }

    private static async Task<DiscoveredConfiguration> DiscoverAsync(ConfigurationEnvironment environment, CancellationToken cancellationToken)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        return await ConfigurationDiscovery.RunAsync(environment, http, TimeProvider.System, cancellationToken);
    }
}

/// <summary>The configuration that a command works with.</summary>
/// <param name="Loaded">It, without problems.</param>
/// <param name="File">The file that it is from; <c>null</c>: made from what was found.</param>
/// <param name="Found">What was found, a line each.</param>
internal sealed record UsedConfiguration(LoadedConfiguration Loaded, string? File, IReadOnlyList<string> Found)
{
    public GatewayConfiguration Configuration => Loaded.Configuration!;
}
