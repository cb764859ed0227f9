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
        var command = new DocumentedCommand(
            "check", "Reports every problem of a file at once, each with its place, what was found, and the remedy.",
            "countersign config check", "countersign config check countersign.example.yaml");
        var file = new NamedFile(command, $"{Configurations.UsualFile} in this folder");
        command.SetAction(parsed => RunCheck(file.Of(parsed) ?? Configurations.UsualFile, new Terminal(parsed)));
        return command;
    }

    private static DocumentedCommand Print()
    {
        var command = new DocumentedCommand(
            "print", "Prints the configuration in effect as YAML, environment variables put in, secrets left out; without a file the one that was found here, to be saved and edited.",
            "countersign config print", "countersign config print > countersign.yaml", "countersign config print countersign.example.yaml");
        var file = new NamedFile(command, $"{Configurations.UsualFile} in this folder, else what is found");
        command.SetAction((parsed, cancellationToken) => RunPrintAsync(file.Of(parsed), new Terminal(parsed), cancellationToken));
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

    /// <summary>The file that a command is about: as a word, or as other commands have it.</summary>
    private sealed class NamedFile
    {
        private readonly Argument<string?> word;
        private readonly Option<string> option = Options.Path("--config", ["-c"], "FILE", "The same, as other commands take it.");

        public NamedFile(Command command, string usual)
        {
            word = new("file") { Description = $"The file. Left out: {usual}.", Arity = ArgumentArity.ZeroOrOne };
            command.Add(word);
            command.Add(option);
            word.Validators.Add(result => { if (result.Tokens is [{ Value: var text }] && string.IsNullOrWhiteSpace(text)) result.AddError("The name of the file is empty."); });
            command.Validators.Add(result => { if (result.GetResult(word) is { Tokens.Count: > 0 } && result.GetResult(option) is not null) result.AddError("The file is named twice."); });
        }

        /// <summary>Its name; <c>null</c> where it was left out.</summary>
        public string? Of(ParseResult parsed) => parsed.GetValue(word) ?? parsed.GetValue(option);
    }
}
