using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Countersign.Cli;

/// <summary>Runs a command line.</summary>
internal static class CommandLine
{
    private const string Description = """
        Countersign: an LLM gateway that drafts with cheap open weights, checks, and escalates.

        Exit codes: 0 done; 1 it failed or found problems; 2 the command line is wrong.
        """;

    /// <summary>No word stands for a file of words: a prompt may begin with <c>@</c>.</summary>
    private static readonly ParserConfiguration AsWritten = new() { ResponseFileTokenReplacer = null };

    public static readonly string[] Examples = ["countersign config print", "countersign config check countersign.yaml", "countersign route explain majority --config countersign.example.yaml"];

    /// <summary>Parses and runs <paramref name="args"/>; an <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(string[] args, InvocationConfiguration configuration, params IEnumerable<Command> commands)
    {
        RootCommand root = RootOf(commands);
        configuration.EnableDefaultExceptionHandler = false; // It would write stack traces.
        try
        {
            ParseResult parsed = Parse(root, args);
            if (parsed.Action is ParseErrorAction) return await RefuseAsync(root, parsed, configuration);
            int code = parsed.CommandResult.Command is DocumentedCommand { EndsByItself: true } ? await InvokeToItsEndAsync(parsed, configuration) : await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? ExitCodes.WrongCommandLine : code;
        }
        catch (Exception exception)
        {
            return Failures.Report(exception, configuration.Error);
        }
    }

    /// <summary>The command above all.</summary>
    public static RootCommand RootOf(params IEnumerable<Command> commands)
    {
        var root = new RootCommand(Description);
        foreach (Command command in commands) root.Add(command);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, Examples);
        return root;
    }

    /// <summary>Reads a command line.</summary>
    public static ParseResult Parse(RootCommand root, IReadOnlyList<string> args) => root.Parse(args, AsWritten);

    /// <summary>Nothing of it goes to the output, which may be a file: not even help.</summary>
    private static async Task<int> RefuseAsync(RootCommand root, ParseResult parsed, InvocationConfiguration configuration)
    {
        if (WrongCommandLine.AsksForHelp(parsed)) await root.Parse([.. WrongCommandLine.Path(parsed).Skip(1), "--help"]).InvokeAsync(new InvocationConfiguration { Output = configuration.Error, Error = configuration.Error });
        else WrongCommandLine.Report(new Terminal(configuration), parsed);
        return ExitCodes.WrongCommandLine;
    }

    private static async Task<int> InvokeToItsEndAsync(ParseResult parsed, InvocationConfiguration configuration)
    {
        configuration.ProcessTerminationTimeout = null; // The library would end the process after two seconds.
        using var signals = new StopSignals();
        return await parsed.InvokeAsync(configuration, signals.Stop);
    }
}
