using System.CommandLine;
using Countersign.Gateway.Configuration;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign config</c>: checks a configuration, shows the one in effect, and writes its schema.</summary>
internal static class ConfigCommand
{
    public static Command Create() => new DocumentedCommand("config", "Checks and shows configurations.", "countersign config check", "countersign config print")
    {
        Check(), Print(), Schema(),
    };

    private static DocumentedCommand Check()
    {
        var file = new Argument<string>("file") { Description = "The file.", DefaultValueFactory = _ => Configurations.UsualFile };
        var command = new DocumentedCommand(
            "check", "Reports every problem of a file at once, each with its place, what was found, and the remedy.",
            "countersign config check", "countersign config check countersign.example.yaml") { file };
        command.SetAction(parsed => RunCheck(parsed.GetRequiredValue(file), new Terminal(parsed)));
        return command;
    }

    private static DocumentedCommand Print()
    {
        Option<string?> file = Configurations.Option();
        var command = new DocumentedCommand(
            "print", "Prints the configuration in effect as YAML, environment variables put in, secrets left out; without a file the one that was found here, to be saved and edited.",
            "countersign config print", "countersign config print > countersign.yaml") { file };
        command.SetAction((parsed, cancellationToken) => RunPrintAsync(parsed.GetValue(file), new Terminal(parsed), cancellationToken));
        return command;
    }

    private static DocumentedCommand Schema()
    {
        var command = new DocumentedCommand("schema", "Writes the JSON schema of configuration files, for editors.", "countersign config schema > countersign.schema.json");
        command.SetAction(parsed =>
        {
            new Terminal(parsed).Text(ConfigurationSchema.Write());
            return ExitCodes.Done;
        });
        return command;
    }

    private static int RunCheck(string file, Terminal terminal)
    {
        LoadedConfiguration loaded = ConfigurationLoader.LoadFile(file, ConfigurationEnvironment.OfProcess());
        if (loaded.Configuration is not { } configuration)
        {
            Configurations.Report(loaded.Problems, terminal);
            return ExitCodes.Failed;
        }

        terminal.Line($"{file} is good: providers {configuration.Providers.Count}, deployments {configuration.Deployments.Count}, pools {configuration.Pools.Count}, routes {configuration.Routes.Count}.", "green");
        return ExitCodes.Done;
    }

    private static async Task<int> RunPrintAsync(string? file, Terminal terminal, CancellationToken cancellationToken)
    {
        if (await Configurations.LoadAsync(file, terminal, cancellationToken) is not { } loaded) return ExitCodes.Failed;
        if (loaded.File is null) terminal.Line(loaded.Found.Count == 0 ? "# Nothing was found: no provider key, no server on this machine, no weights in ./models." : "# Made from what was found here:");
        foreach (string found in loaded.Found) terminal.Line($"#   {found}");
        terminal.Text(loaded.Loaded.EffectiveYaml);
        return ExitCodes.Done;
    }
}
