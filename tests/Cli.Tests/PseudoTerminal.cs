using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Countersign.Tests;

namespace Countersign.Cli.Tests;

/// <summary>What a person saw, and what the command ended with.</summary>
/// <param name="Code">Its <see cref="ExitCodes"/>.</param>
/// <param name="Screen">All that was written to the terminal.</param>
internal sealed partial record Seen(int Code, string Screen)
{
    /// <summary>The screen without colours and movements.</summary>
    public string Text => Escapes().Replace(Screen, "").Replace("\r", "", StringComparison.Ordinal);

    [GeneratedRegex("\x1b(\\[[0-9;?]*[A-Za-z]|[=>])")]
    private static partial Regex Escapes();
}

/// <summary>Runs command lines in a process of their own, with a terminal as a person has it, which util-linux' <c>script</c> makes.</summary>
internal static class PseudoTerminal
{
    /// <param name="columns">How wide it is.</param>
    /// <param name="typed">What the person types.</param>
    /// <param name="environment">Variables beside this process's own.</param>
    /// <param name="arguments">The command line.</param>
    public static Task<Seen> RunAsync(int columns, string typed, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) => RunAsync(columns, "", typed, environment, arguments);

    /// <inheritdoc cref="RunAsync(int, string, IReadOnlyDictionary{string, string}, IEnumerable{string})"/>
    /// <param name="prompt">What the person waits for before they type.</param>
    public static async Task<Seen> RunAsync(int columns, string prompt, string typed, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        string command = string.Join(' ', Executable.CommandOf(arguments).Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var start = new ProcessStartInfo("script", ["-qefc", $"stty cols {columns} rows 24; exec {command}", "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        (start.Environment["TERM"], start.Environment["SHELL"]) = ("xterm-256color", "/bin/sh");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Start(start);
        string before = await ReadUntilAsync(process.StandardOutput, prompt);
        await process.StandardInput.WriteAsync(typed);
        await process.StandardInput.FlushAsync(); // And stays open: its end would be that of the terminal.
        string screen = before + await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Seen(process.ExitCode, screen);
    }

    private static async Task<string> ReadUntilAsync(StreamReader output, string end)
    {
        var read = new StringBuilder();
        var next = new char[1];
        while (!read.ToString().EndsWith(end, StringComparison.Ordinal) && await output.ReadAsync(next, TestContext.Current.CancellationToken) > 0) read.Append(next[0]);
        return read.ToString();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Missing.Skip("script, of util-linux,");
            throw;
        }
    }
}
