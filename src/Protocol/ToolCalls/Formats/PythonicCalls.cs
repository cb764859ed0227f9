using System.Text;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Calls in Python's syntax: Llama 4's list <c>[f(a=1), g()]</c>, OLMo 3's lines between marks. A call is certain when its parenthesis closes:
/// one that has no JSON form is left out alone.</summary>
/// <param name="name">The format's name.</param>
/// <param name="open">What the calls begin with, besides a bracket.</param>
/// <param name="close">What they end with; it may be missing.</param>
/// <param name="isList">Whether the calls are a list, which may stand without marks.</param>
internal sealed class PythonicCalls(string name, string open, string close, bool isList) : ToolCallFormat(name)
{
    internal override IReadOnlyList<string> Openers { get; } = isList ? [open, "["] : [open];

    internal override IEnumerable<Need> Read(RawReading reading)
    {
        var scanner = reading.Scanner;
        bool isMarked = reading.Mark == open;
        int before = reading.Writer.Calls, seen = 0;
        var findings = new List<string>();
        bool isCut = false;
        reading.SkipMark();
        while (true)
        {
            while (scanner.SpaceLength() == scanner.Rest.Length && !scanner.IsComplete) yield return Need.More;
            int space = scanner.SpaceLength();
            char next = space < scanner.Rest.Length ? scanner.Rest[space] : '\0';
            if (seen == 0 && isMarked && isList && next == '[' || seen > 0 && next is ',' or ';')
            {
                scanner.Skip(space + 1);
                continue;
            }

            var call = new StringBuilder();
            foreach (var need in FindCall(reading, space, isMarked)) yield return need;
            if (reading.Mark is null) break;
            if (reading.Writer.Calls > before) scanner.Hold();
            foreach (var need in ReadCall(reading, call)) yield return need;
            isCut = reading.Mark is null;
            seen++;
            if (isCut) break;
            PythonicCall.Make(call.ToString(), reading, findings);
        }

        bool isMade = reading.Writer.Calls > before;
        if (isCut) findings.Add("A tool call is cut off.");
        else if (seen > 0)
        {
            foreach (var need in SkipEnd(reading)) yield return need;
        }

        if (isMarked && seen == 0) findings.Add("A tool call was begun and not made.");
        if (isCut || !isMade) reading.GiveBack(null);
        foreach (string finding in findings) reading.Writer.Finding(finding);
    }

    /// <summary>Looks whether a call begins after <paramref name="space"/>; <see cref="RawReading.Mark"/> is <c>null</c> where none does.</summary>
    private static IEnumerable<Need> FindCall(RawReading reading, int space, bool isMarked)
    {
        var scanner = reading.Scanner;
        while (true)
        {
            int length = NameLength(scanner.Rest[space..]);
            bool isEnd = space + length == scanner.Rest.Length;
            if (isEnd && !scanner.IsComplete)
            {
                yield return Need.More;
                continue;
            }

            bool isCall = length > 0 && !isEnd && scanner.Rest[space + length] == '(' && (isMarked || IsTool(reading, scanner.Rest.Slice(space, length).ToString()));
            reading.Note(isCall ? "(" : null);
            if (isCall) scanner.Skip(space);
            yield break;
        }
    }

    /// <summary>A list without marks is only taken for calls where it names tools.</summary>
    private static bool IsTool(RawReading reading, string tool) => reading.Tools.Count == 0 || ToolNames.Find(reading.Tools, tool) is not null;

    private static int NameLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsLetterOrDigit(text[length]) || text[length] is '_' or '.' or '-')) length++;
        return length;
    }

    private static IEnumerable<Need> ReadCall(RawReading reading, StringBuilder call)
    {
        var scanner = reading.Scanner;
        var span = new NestedSpan("'\"");
        while (true)
        {
            int length = span.Read(scanner.Rest);
            call.Append(scanner.Rest[..length]);
            scanner.Skip(length);
            reading.Note(span.IsClosed ? ")" : null);
            if (span.IsClosed || scanner.IsComplete) yield break;
            yield return Need.More;
        }
    }

    private IEnumerable<Need> SkipEnd(RawReading reading)
    {
        if (isList)
        {
            foreach (var need in reading.SkipMarkAfterSpace("]")) yield return need;
        }

        foreach (var need in reading.SkipMarkAfterSpace(close)) yield return need;
    }
}
