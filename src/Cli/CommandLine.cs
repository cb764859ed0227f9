using System.CommandLine;
using System.CommandLine.Help;

namespace Countersign.Cli;

/// <summary>Runs a command line.</summary>
internal static class CommandLine
{
    private const string Description = """
        Countersign: an LLM gateway that drafts with cheap open weights, checks, and escalates.

        Exit codes: 0 done; 1 it failed or found problems; 2 the command line is wrong.
        """;

    private static readonly string[] Examples = ["countersign config print", "countersign config check countersign.yaml", "countersign route explain majority --config countersign.example.yaml"];

    /// <summary>Parses and runs <paramref name="args"/>; an <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(string[] args, InvocationConfiguration configuration, params IEnumerable<Command> commands)
    {
        var root = new RootCommand(Description);
        foreach (Command command in commands) root.Add(command);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, Examples);
        ParseResult parsed = root.Parse(args);
        int code = parsed.CommandResult.Command is DocumentedCommand { EndsByItself: true } ? await InvokeToItsEndAsync(parsed, configuration) : await parsed.InvokeAsync(configuration);
        return parsed.Errors.Count > 0 ? ExitCodes.WrongCommandLine : code;
    }

    private static async Task<int> InvokeToItsEndAsync(ParseResult parsed, InvocationConfiguration configuration)
    {
        configuration.ProcessTerminationTimeout = null; // The library would end the process after two seconds.
        using var signals = new StopSignals();
        return await parsed.InvokeAsync(configuration, signals.Stop);
    }
}
