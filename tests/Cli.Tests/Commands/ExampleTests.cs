using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Countersign.Cli.Tests.Shape;

namespace Countersign.Cli.Tests.Commands;

/// <summary>Command lines that are shown, by <c>--help</c> and in documents, are command lines.</summary>
public sealed partial class ExampleTests
{
    public static TheoryData<string> Lines => [.. Shown().Distinct()];

    [Theory]
    [MemberData(nameof(Lines))]
    public void CommandLine_ThatIsShown_IsOne(string line)
    {
        string command = Pipe().Replace(Redirection().Replace(line, ""), "");
        var parsed = CommandLine.Parse(CommandLine.RootOf(Run.Commands()), [.. CommandLineParser.SplitCommandLine(command).Skip(1)]);
        Assert.All(parsed.Errors, error => Assert.StartsWith("There is no file", error.Message)); // Those are the reader's.
    }

    private static IEnumerable<string> Shown() =>
        [
            .. CommandLine.Examples,
            .. Run.Commands().SelectMany(Below).OfType<DocumentedCommand>().SelectMany(command => command.Examples),
            .. SourceTree.Files(".", ".md").SelectMany(file => Document().Matches(SourceTree.Read(file))).Select(match => match.Groups[1].Value),
        ];

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below).Prepend(command);

    [GeneratedRegex(@"(?:^|`)(countersign [a-z]+ [^`\n]+)", RegexOptions.Multiline)]
    private static partial Regex Document();

    [GeneratedRegex(@"^.*\| ")]
    private static partial Regex Pipe();

    [GeneratedRegex(" (>|&|#).*$")]
    private static partial Regex Redirection();
}
