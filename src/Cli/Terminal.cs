using System.CommandLine;
using Spectre.Console;

namespace Countersign.Cli;

/// <summary>Where a command writes: in colour where a person looks, as plain text when piped or captured.</summary>
internal sealed class Terminal
{
    private readonly TextWriter output, error;
    private readonly bool outputIsSeen, errorIsSeen;

    public Terminal(ParseResult parsed)
    {
        (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        (outputIsSeen, errorIsSeen) = (output == System.Console.Out && !System.Console.IsOutputRedirected, error == System.Console.Error && !System.Console.IsErrorRedirected);
    }

    /// <summary>Writes text as it is.</summary>
    public void Text(string text) => output.Write(text);

    /// <summary>Writes a line; <paramref name="style"/> is a Spectre.Console style such as <c>green</c>.</summary>
    public void Line(string text, string style = "default") => Write(output, outputIsSeen, text, style);

    /// <summary>Writes a line to the error stream.</summary>
    public void Error(string text, string style = "default") => Write(error, errorIsSeen, text, style);

    /// <summary>Writes labels with their texts in two columns. Piped, the label stands before each line so that lines can be searched.</summary>
    public void Columns(IReadOnlyList<(string Label, string Text)> rows)
    {
        if (outputIsSeen)
        {
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn();
            foreach (var (label, text) in rows) grid.AddRow(new Text(label, Style.Parse("bold")), new Text(text));
            Console(output).Write(grid);
            return;
        }

        int width = rows.Max(row => row.Label.Length);
        foreach (var (label, text) in rows) output.WriteLine($"  {label.PadRight(width)}  {text}".TrimEnd());
    }

    /// <summary>Whether a person looks at the output.</summary>
    public bool IsSeen => outputIsSeen;

    /// <summary>Asks the person who looks; where nobody does, the answer is yes.</summary>
    public bool Confirm(string question)
    {
        if (!outputIsSeen || System.Console.IsInputRedirected) return true;
        output.Write($"{question} [y/N] ");
        return System.Console.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>Writes a table: with lines where a person looks, else in aligned columns two blanks apart.</summary>
    public void Table(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (outputIsSeen)
        {
            var table = new Table().Border(TableBorder.Rounded);
            foreach (string heading in headings) table.AddColumn(new TableColumn(new Text(heading, Style.Parse("bold"))));
            foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell)));
            Console(output).Write(table);
            return;
        }

        int[] widths = [.. headings.Select((heading, column) => rows.Max(row => Math.Max(row[column].Length, heading.Length)))];
        foreach (var row in rows.Prepend(headings)) output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>Does <paramref name="work"/>; a person who looks sees meanwhile <paramref name="what"/> it is about.</summary>
    public Task<T> WaitAsync<T>(string what, Func<Task<T>> work) => outputIsSeen ? Console(output).Status().StartAsync(Markup.Escape(what), _ => work()) : work();

    /// <summary>Shows how far <paramref name="work"/> is, as it tells (a fraction, and words): a bar where a person looks, else a line every five seconds.</summary>
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
            output.WriteLine(words);
        });
    }

    private static void Write(TextWriter writer, bool isSeen, string text, string style)
    {
        if (isSeen) Console(writer).Write(new Text(text + "\n", Style.Parse(style)));
        else writer.WriteLine(text);
    }

    private static IAnsiConsole Console(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
}
