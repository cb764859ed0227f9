using System.CommandLine;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Countersign.Cli;

/// <summary>Where a command writes: in colour where a person looks, as plain text when piped or captured.</summary>
internal sealed class Terminal
{
    private const int LineWidth = 3; // A line and a blank on either side.
    private const int NarrowestText = 30;

    private static readonly Style Bold = Style.Parse("bold");

    /// <summary>Not .NET's reader of consoles: it sends the terminal commands and edits lines by itself.</summary>
    private static readonly Lazy<TextReader> Typed = new(() => OperatingSystem.IsWindows() ? System.Console.In : new StreamReader(new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0)));

    private readonly TextWriter output, error;
    private readonly bool outputIsSeen, errorIsSeen;

    public Terminal(ParseResult parsed) : this(parsed.InvocationConfiguration)
    {
    }

    public Terminal(InvocationConfiguration configuration)
    {
        (output, error) = (configuration.Output, configuration.Error);
        (outputIsSeen, errorIsSeen) = (output == System.Console.Out && !System.Console.IsOutputRedirected, error == System.Console.Error && !System.Console.IsErrorRedirected);
    }

    /// <summary>Writes text as it is.</summary>
    public void Text(string text) => output.Write(text);

    /// <summary>Writes a line; <paramref name="style"/> is a Spectre.Console style such as <c>green</c>.</summary>
    public void Line(string text, string style = "default") => Write(output, outputIsSeen, text, style);

    /// <summary>Writes a line to the error stream.</summary>
    public void Error(string text, string style = "default") => Write(error, errorIsSeen, text, style);

    /// <summary>Writes labels with their texts in two columns. Piped, each is a line.</summary>
    public void Columns(IReadOnlyList<(string Label, string Text)> rows)
    {
        if (outputIsSeen)
        {
            ShowColumns(Console(output), rows);
            return;
        }

        int width = rows.Max(row => row.Label.Length);
        foreach (var (label, text) in rows) output.WriteLine($"  {label.PadRight(width)}  {text}".TrimEnd());
    }

    /// <summary>Whether a person looks at the output.</summary>
    public bool IsSeen => outputIsSeen;

    /// <summary>Asks the person who looks; where nobody does, the answer is yes.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        if (!outputIsSeen || System.Console.IsInputRedirected) return true;
        return (await AskAsync($"{question} [y/N] ", cancellationToken))?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>The line that a person types behind a prompt, edited as the terminal itself allows; <c>null</c> at the end of the input.</summary>
    public Task<string?> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        output.Write(prompt);
        return Task.Run(Typed.Value.ReadLine, CancellationToken.None).WaitAsync(cancellationToken); // Whoever leaves need not press Enter first.
    }

    /// <summary>Writes a table: where a person looks with lines, or, where it is too wide for that, each row as a sheet of its own; else in aligned columns two blanks apart.</summary>
    public void Table(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. headings.Select((heading, column) => rows.Max(row => Math.Max(row[column].Length, heading.Length)))];
        if (!outputIsSeen) foreach (var row in rows.Prepend(headings)) output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        else if (widths.Sum(width => width + LineWidth) < Console(output).Profile.Width) ShowTable(Console(output), headings, rows);
        else ShowSheets(Console(output), headings, rows);
    }

    /// <summary>Does <paramref name="work"/>; a person who looks sees meanwhile <paramref name="what"/> it is about.</summary>
    public Task<T> WaitAsync<T>(string what, Func<Task<T>> work) => outputIsSeen ? Console(output).Status().StartAsync(Markup.Escape(what), _ => work()) : work();

    /// <summary>Shows how far <paramref name="work"/> is, as it tells (a fraction, and words): a bar where a person looks, else a line on the error stream every five seconds.</summary>
    /// <param name="what">What stands beside the bar until it tells; not empty.</param>
    /// <param name="work">What to do.</param>
    public async Task WithProgressAsync(string what, Func<Action<double, string>, Task> work)
    {
        if (outputIsSeen)
        {
            var progress = Console(output).Progress().Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left });
            await progress.StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(what), maxValue: 1);
                return work((fraction, words) => (task.Value, task.Description) = (fraction, Markup.Escape(words)));
            });
            return;
        }

        long last = TimeProvider.System.GetTimestamp();
        await work((_, words) =>
        {
            if (TimeProvider.System.GetElapsedTime(last) < TimeSpan.FromSeconds(5)) return;
            last = TimeProvider.System.GetTimestamp();
            error.WriteLine(words);
        });
    }

    private static void ShowTable(IAnsiConsole console, IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string heading in headings) table.AddColumn(new TableColumn(new Text(heading, Bold)));
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell)));
        console.Write(table);
    }

    private static void ShowSheets(IAnsiConsole console, IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        foreach (var row in rows)
        {
            console.Write(new Text($"{headings[0]}: {row[0]}\n", Bold));
            ShowColumns(console, [.. headings.Skip(1).Zip(row.Skip(1))]);
            console.WriteLine();
        }
    }

    /// <summary>On a screen too narrow for both, each text is below its label.</summary>
    private static void ShowColumns(IAnsiConsole console, IReadOnlyList<(string Label, string Text)> rows)
    {
        bool isNarrow = console.Profile.Width < rows.Max(row => row.Label.Length) + NarrowestText;
        var column = new GridColumn().PadLeft(2).PadRight(2);
        var grid = isNarrow ? new Grid().AddColumn(column) : new Grid().AddColumn(column.NoWrap()).AddColumn();
        foreach (var (label, text) in rows)
        {
            if (!isNarrow) grid.AddRow(new Text(label, Bold), new Text(text));
            else grid.AddRow(new Text(label, Bold)).AddRow(new Padder(new Text(text)).Padding(2, 0, 0, 0));
        }

        console.Write(grid);
    }

    private static void Write(TextWriter writer, bool isSeen, string text, string style)
    {
        if (isSeen) Console(writer).Write(new Text(text + "\n", Style.Parse(style)));
        else writer.WriteLine(text);
    }

    private static IAnsiConsole Console(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
}
