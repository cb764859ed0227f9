using System.Text;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Calls between special tokens in a section of their own: Kimi and DeepSeek. The arguments are passed on as they are written, piece by piece.
/// What stands in the section between calls is noise.</summary>
/// <param name="name">The format's name.</param>
/// <param name="marks">The tokens.</param>
internal abstract class SectionCalls(string name, SectionMarks marks) : ToolCallFormat(name)
{
    private readonly MarkSet callOrEnd = new(marks.CallBegin, marks.SectionEnd);
    private readonly MarkSet argumentsOrEnd = new([.. marks.ArgumentsBegin, marks.CallEnd, marks.SectionEnd]);
    private readonly MarkSet callEnd = new([.. marks.ArgumentsEnd, marks.CallEnd, marks.SectionEnd]);

    internal override IReadOnlyList<string> Openers { get; } = [marks.SectionBegin];

    /// <summary>What the text before the arguments says.</summary>
    private protected abstract CallHead HeadOf(string text);

    internal override IEnumerable<Need> Read(RawReading reading)
    {
        int before = reading.Writer.Calls;
        bool isNoise = false, hasFindings = false;
        reading.SkipMark();
        while (true)
        {
            foreach (var need in reading.PassUntil(callOrEnd, noise => isNoise |= !noise.IsWhiteSpace())) yield return need;
            bool isCall = reading.Mark == marks.CallBegin;
            reading.SkipMark();
            if (!isCall) break;
            var head = new StringBuilder();
            foreach (var need in reading.PassUntil(argumentsOrEnd, text => head.Append(text))) yield return need;
            bool hasArguments = reading.Mark is { } mark && mark != marks.CallEnd && mark != marks.SectionEnd;
            if (!hasArguments)
            {
                hasFindings = true;
                reading.Writer.Finding("A tool call has no arguments or is cut off.");
                continue;
            }

            reading.SkipMark();
            foreach (var need in ReadArguments(reading, HeadOf(head.ToString()))) yield return need;
        }

        bool isEmpty = reading.Writer.Calls == before;
        bool isCut = reading.Mark is null;
        if (isEmpty && (isNoise || isCut) && !reading.Scanner.Held.IsEmpty) reading.GiveBack(hasFindings ? null : "A tool call was begun and not made.");
    }

    private IEnumerable<Need> ReadArguments(RawReading reading, CallHead head)
    {
        var (writer, buffered) = (reading.Writer, new StringBuilder());
        if (head.Name is { } name)
        {
            reading.Scanner.Release();
            writer.Begin(name, head.Id);
        }

        foreach (var need in head.Name is null ? reading.PassUntil(callEnd, text => buffered.Append(text)) : reading.PassArguments(callEnd)) yield return need;
        bool isCut = reading.Mark is null;
        if (reading.Mark != marks.SectionEnd) reading.SkipMark();
        if (head.Name is null) CallUnnamed(reading, head, buffered.ToString().Trim());
        else if (isCut) writer.Cut();
        else writer.End();
    }

    private static void CallUnnamed(RawReading reading, CallHead head, string arguments)
    {
        string? name = head.Id is null ? null : NamelessCall.ToolFor(arguments, reading.Tools);
        if (name is not null) reading.Writer.Call(name, arguments, head.Id);
        else reading.Writer.Finding($"A tool call does not say which tool it means: \"{head.Written}\".");
        reading.Scanner.Release();
    }
}

/// <summary>The tokens of a section of calls.</summary>
/// <param name="SectionBegin">Begins the section.</param>
/// <param name="CallBegin">Begins a call.</param>
/// <param name="ArgumentsBegin">Ends a call's head; the arguments follow.</param>
/// <param name="ArgumentsEnd">Forms of <paramref name="CallEnd"/> with what belongs to the arguments' frame.</param>
/// <param name="CallEnd">Ends a call.</param>
/// <param name="SectionEnd">Ends the section.</param>
internal sealed record SectionMarks(
    string SectionBegin, string CallBegin, IReadOnlyList<string> ArgumentsBegin, IReadOnlyList<string> ArgumentsEnd, string CallEnd, string SectionEnd);

/// <summary>What stands before a call's arguments.</summary>
/// <param name="Written">The text as written.</param>
/// <param name="Name">The tool; <c>null</c> where the text does not say.</param>
/// <param name="Id">The call's id, byte for byte; <c>null</c> where the family writes none, or a broken one.</param>
internal sealed record CallHead(string Written, string? Name, string? Id);
