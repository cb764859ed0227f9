using System.CommandLine;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Configuration.Discovery;

namespace Countersign.Cli;

/// <summary>Finds the configuration that a command works with: the file that is named, else <c>countersign.yaml</c> in this folder, else what is there.</summary>
internal static class Configurations
{
    public const string UsualFile = "countersign.yaml";

    private const string Unset = "http://unset.invalid/"; // A text that also does where an address must stand.

    /// <summary><c>--config FILE</c>.</summary>
    public static Option<string> Option() => Options.Path(
        "--config", ["-c"], "FILE", $"The configuration file. Left out: {UsualFile} in this folder; where there is none or an empty one, what is found: provider keys in the environment, servers on this machine, weights in ./models.");

    /// <summary>The configuration; <c>null</c> where it has problems, which are then on the error stream.</summary>
    /// <param name="file">The file that was named, or <c>null</c>.</param>
    /// <param name="terminal">Takes the problems.</param>
    /// <param name="cancellationToken">Ends the search for servers.</param>
    public static async Task<UsedConfiguration?> LoadAsync(string? file, Terminal terminal, CancellationToken cancellationToken)
    {
        var environment = ConfigurationEnvironment.OfProcess();
        file = FileOf(file);
        DiscoveredConfiguration found = file is null ? await DiscoverAsync(environment, cancellationToken) : new DiscoveredConfiguration(ConfigurationLoader.LoadFile(file, environment), []);
        if (found.Loaded.Configuration is not null) return new UsedConfiguration(found.Loaded, file, found.Found);
        Report(found.Loaded.Problems, terminal);
        return null;
    }

    /// <summary>The file that is read: the one that was named, else the usual one where it is here; <c>null</c>: none. An empty usual one is none: so a shell makes it for <c>config print > countersign.yaml</c>.</summary>
    public static string? FileOf(string? named) => named ?? (new FileInfo(UsualFile) is { Exists: true, Length: > 0 } ? UsualFile : null);

    /// <summary>The configuration of a file where nobody is asked, so that variables such as providers' keys need not be set; <c>null</c> where it has problems, which are then on the error stream.</summary>
    public static GatewayConfiguration? LoadWithoutSecrets(string file, Terminal terminal)
    {
        var environment = ConfigurationEnvironment.OfProcess();
        var lenient = environment with { Variable = name => environment.Get(name) ?? Unset + name }; // Each another text: two callers may not have one key.
        if (ConfigurationLoader.LoadFile(file, lenient).Configuration is { } configuration && !configuration.Ledger.Path.Contains(Unset, StringComparison.Ordinal)) return configuration;
        var loaded = ConfigurationLoader.LoadFile(file, environment); // A variable stands where not any text will do.
        if (loaded.Configuration is null) Report(loaded.Problems, terminal);
        return loaded.Configuration;
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
