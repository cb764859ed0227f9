using Countersign.Protocol.Chat;

namespace Countersign.Protocol.ToolCalls.Scanning;

/// <summary>Takes a piece of text that is certain.</summary>
internal delegate void TakeText(ReadOnlySpan<char> text);

/// <summary>One answer being read: what comes in, what goes out, and the steps that all formats share.</summary>
internal sealed class RawReading(RawScanner scanner, CallWriter writer, IReadOnlyList<ToolDefinition> tools)
{
    public RawScanner Scanner { get; } = scanner;

    public CallWriter Writer { get; } = writer;

    public IReadOnlyList<ToolDefinition> Tools { get; } = tools;

    /// <summary>The mark that the last search stopped before; <c>null</c> where the text ended.</summary>
    public string? Mark { get; private set; }

    /// <summary>Hands on text up to the next of <paramref name="marks"/>, as early as it is certain.</summary>
    public IEnumerable<Need> PassUntil(MarkSet marks, TakeText take)
    {
        while (true)
        {
            Mark = marks.Find(Scanner.Rest, Scanner.IsComplete, out int length);
            if (length > 0)
            {
                take(Scanner.Rest[..length]);
                Scanner.Skip(length);
            }

            if (Mark is not null || Scanner.IsComplete) yield break;
            yield return Need.More;
        }
    }

    /// <summary>Hands on a call's arguments up to the next of <paramref name="marks"/>, as early as they are certain. What is left where the text ends within a mark is
    /// the mark's own where the arguments are whole, and the arguments' where they are not.</summary>
    public IEnumerable<Need> PassArguments(MarkSet marks)
    {
        while (true)
        {
            Mark = marks.Find(Scanner.Rest, isComplete: false, out int length);
            Writer.Arguments(Scanner.Rest[..length]);
            Scanner.Skip(length);
            if (Mark is not null) yield break;
            if (Scanner.IsComplete) break;
            yield return Need.More;
        }

        if (!Writer.HasWholeArguments) Writer.Arguments(Scanner.Rest);
        Scanner.Skip(Scanner.Rest.Length);
    }

    /// <summary>Leaves out white space.</summary>
    public IEnumerable<Need> SkipSpace()
    {
        while (true)
        {
            Scanner.Skip(Scanner.SpaceLength());
            if (Scanner.Rest.Length > 0 || Scanner.IsComplete) yield break;
            yield return Need.More;
        }
    }

    /// <summary>Reads <paramref name="mark"/> and the white space before it, where it follows; otherwise nothing.</summary>
    public IEnumerable<Need> SkipMarkAfterSpace(string mark)
    {
        while (true)
        {
            int space = Scanner.SpaceLength();
            var starts = Scanner.Starts(mark, space);
            if (starts == true) Scanner.Skip(space + mark.Length);
            if (starts is not null) yield break;
            yield return Need.More;
        }
    }

    /// <summary>Says what a reader of its own stopped before.</summary>
    public void Note(string? mark) => Mark = mark;

    /// <summary>Reads the mark that the last search found.</summary>
    public void SkipMark() => Scanner.Skip(Mark?.Length ?? 0);

    /// <summary>Gives what was read since the call began back as text.</summary>
    /// <param name="finding">What is wrong with it; <c>null</c> where it only looked like a call.</param>
    public void GiveBack(string? finding)
    {
        Writer.Text(Scanner.Held);
        Scanner.Release();
        if (finding is not null) Writer.Finding(finding);
    }
}
