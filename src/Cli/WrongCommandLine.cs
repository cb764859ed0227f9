using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Cli;

/// <summary>What is said of a command line that is wrong. All of it goes to the error stream: the output may be a file.</summary>
internal static partial class WrongCommandLine
{
    /// <summary>Whether nothing but the command itself is missing, so that its help says it best.</summary>
    public static bool AsksForHelp(ParseResult parsed) => parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0;

    /// <summary>Says each fault in a line, and where help is.</summary>
    public static void Report(Terminal terminal, ParseResult parsed)
    {
        foreach (string fault in Faults(parsed).Distinct()) terminal.Error(fault, "red");
        terminal.Error($"'{string.Join(' ', Path(parsed))} --help' tells what there is.");
    }

    /// <summary>The command's names from the top.</summary>
    public static IEnumerable<string> Path(ParseResult parsed) =>
        Results(parsed).OfType<CommandResult>().Reverse().Select(result => result.Command is RootCommand ? "countersign" : result.Command.Name);

    private static IEnumerable<string> Faults(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var wanted, ..] && !IsOption(wanted))
            return [$"There is no command '{wanted}'. {DidYouMean.Remedy(wanted, command.Subcommands.Select(known => known.Name), "There are")}"];
        string[] options = [.. parsed.Tokens.Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal)).Select(token => token.Value)]; // Where a word may stand, one was taken for it.
        return parsed.Errors.Where(error => !Unmatched().IsMatch(error.Message)).Select(error => InWords(error.Message)).Concat((options.Length > 0 ? options : [.. parsed.UnmatchedTokens]).Select(token => Fault(token, parsed)));
    }

    private static string Fault(string token, ParseResult parsed)
    {
        if (!IsOption(token)) return $"'{token}' is one word too many.";
        string name = token.Split('=')[0];
        var known = Results(parsed).OfType<CommandResult>().SelectMany(result => result.Command.Options).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(IsOption);
        return $"There is no option '{name}'.{(DidYouMean.Nearest(name, known) is { } nearest ? $" Did you mean \"{nearest}\"?" : "")}";
    }

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-';

    private static IEnumerable<SymbolResult> Results(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent) yield return result;
    }

    /// <summary>Types of .NET are nothing to people.</summary>
    private static string InWords(string message) =>
        ExpectedType().Replace(message, match => match.Groups["type"].Value is var type && type.Contains("Int", StringComparison.Ordinal) ? " as a whole number" : type.Contains("Boolean", StringComparison.Ordinal) ? " as true or false" : "");

    [GeneratedRegex(" as expected type '(?<type>[^']*)'")]
    private static partial Regex ExpectedType();

    [GeneratedRegex("^Unrecognized command or argument '")]
    private static partial Regex Unmatched();
}
