using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.Dialects;

/// <summary>Reads text in which thoughts and calls stand between marks.</summary>
internal sealed class ThoughtsAndCalls(TextStyle style)
{
    private readonly IReadOnlyList<string> opens = style.Thoughts?.Open ?? [], closes = style.Thoughts?.Close ?? [];
    private readonly IReadOnlyList<string> openers = style.Calls?.Openers ?? [], ignored = style.Calls?.Ignored ?? [];
    private bool callsInThought;

    public IEnumerable<Need> Read(RawReading reading, bool startsInThought)
    {
        var marks = new MarkSet([.. opens, .. openers, .. ignored]);
        if (startsInThought && style.Thoughts is not null)
        {
            foreach (var need in SkipRepeatedOpening(reading)) yield return need;
            foreach (var need in ReadThought(reading)) yield return need;
        }

        while (true)
        {
            foreach (var need in reading.PassUntil(marks, reading.Writer.Text)) yield return need;
            if (reading.Mark is not { } mark) break;
            var part = opens.Contains(mark) ? ReadOpenedThought(reading) : openers.Contains(mark) ? ReadCalls(reading) : Ignore(reading);
            foreach (var need in part) yield return need;
        }

        if (callsInThought && reading.Writer.Calls == 0) reading.Writer.Finding("A tool is called only within the reasoning, where calls do not count.");
    }

    /// <summary>Some models write the opening mark although the prompt did.</summary>
    private IEnumerable<Need> SkipRepeatedOpening(RawReading reading)
    {
        foreach (string open in opens)
        {
            foreach (var need in reading.SkipMarkAfterSpace(open)) yield return need;
        }
    }

    private IEnumerable<Need> ReadOpenedThought(RawReading reading)
    {
        reading.SkipMark();
        if (style.Thoughts!.Label is { } label)
        {
            while (reading.Scanner.Starts(label) is null) yield return Need.More;
            if (reading.Scanner.Starts(label) == true) reading.Scanner.Skip(label.Length);
        }

        foreach (var need in ReadThought(reading)) yield return need;
    }

    private IEnumerable<Need> ReadThought(RawReading reading)
    {
        var marks = new MarkSet([.. closes, .. openers]);
        reading.Writer.Split();
        reading.Writer.IsInThought = true;
        while (true)
        {
            foreach (var need in reading.PassUntil(marks, reading.Writer.Thought)) yield return need;
            if (reading.Mark is not { } mark) yield break;
            bool isCall = !closes.Contains(mark);
            if (isCall && style.Thoughts!.EndsAtCall)
            {
                reading.Writer.IsInThought = false;
                yield break;
            }

            if (isCall) reading.Writer.Thought(mark);
            callsInThought |= isCall && mark.Length > 1; // A bracket alone is no call yet.
            reading.SkipMark();
            if (!isCall) break;
        }

        reading.Writer.IsInThought = false;
        reading.Writer.Split();
    }

    private IEnumerable<Need> ReadCalls(RawReading reading)
    {
        reading.Scanner.Hold();
        foreach (var need in style.Calls!.Read(reading)) yield return need;
        reading.Scanner.Release();
    }

    private static IEnumerable<Need> Ignore(RawReading reading)
    {
        reading.SkipMark();
        return [];
    }
}
