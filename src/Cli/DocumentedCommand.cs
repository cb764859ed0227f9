using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Countersign.Cli;

/// <summary>A command whose <c>--help</c> ends with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Command lines that work.</param>
internal sealed class DocumentedCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;

    /// <summary>Whether requests run in it that must be billed, so that it is not cut off a moment after it was told to stop: it ends by itself, or at the second signal.</summary>
    public bool EndsByItself { get; set; }
}

/// <summary>The usual help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual, IReadOnlyList<string> rootExamples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in parseResult.CommandResult.Command is DocumentedCommand command ? command.Examples : rootExamples) output.WriteLine($"  {example}");
        output.WriteLine();
        return code;
    }
}
