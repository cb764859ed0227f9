using System.Text;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Mistral, all generations after <c>[TOOL_CALLS]</c>: a list of JSON calls; <c>name{json}</c>; <c>name[CALL_ID]id[ARGS]{json}</c>.
/// Arguments of the later ones flow as they are written.</summary>
internal sealed class MistralCalls() : ToolCallFormat("mistral")
{
    private const string Open = "[TOOL_CALLS]", CallId = "[CALL_ID]", Args = "[ARGS]", List = "[", Brace = "{";
    private static readonly MarkSet HeadEnd = new(Open, CallId, Args, List, Brace), IdEnd = new(Open, Args, Brace);

    internal override IReadOnlyList<string> Openers { get; } = [Open];

    internal override string NewId() => CallIds.NewMistral();

    internal override IEnumerable<Need> Read(RawReading reading)
    {
        var (name, id) = (new StringBuilder(), new StringBuilder());
        reading.SkipMark();
        foreach (var need in FindHeadEnd(reading, name)) yield return need;
        if (reading.Mark == List)
        {
            foreach (var need in JsonCallList.Read(reading, null, JsonCallForm.Named)) yield return need;
            yield break;
        }

        if (reading.Mark == CallId)
        {
            reading.SkipMark();
            foreach (var need in reading.PassUntil(IdEnd, text => id.Append(text))) yield return need;
        }

        if (reading.Mark == Args)
        {
            reading.SkipMark();
            foreach (var need in reading.SkipSpace()) yield return need;
            bool hasArguments = reading.Scanner.Rest is ['{', ..];
            reading.Note(hasArguments ? Brace : null);
        }

        string tool = name.ToString().Trim();
        bool isCall = reading.Mark == Brace && tool.Length > 0 && !tool.AsSpan().ContainsAny(" \n");
        if (!isCall) GiveBack(reading);
        else
        {
            foreach (var need in ReadArguments(reading, tool, id.ToString().Trim())) yield return need;
        }
    }

    private static IEnumerable<Need> FindHeadEnd(RawReading reading, StringBuilder name)
    {
        foreach (var need in reading.PassUntil(HeadEnd, text => name.Append(text))) yield return need;
        while (reading.Mark == List && IsMarkPossible(reading.Scanner)) yield return Need.More; // "[" may be the beginning of a longer mark.
        if (reading.Mark != List) yield break;
        foreach (var need in reading.PassUntil(HeadEnd, text => name.Append(text))) yield return need;
    }

    private static bool IsMarkPossible(RawScanner scanner) => scanner.Starts(Open) is null || scanner.Starts(CallId) is null || scanner.Starts(Args) is null;

    private static IEnumerable<Need> ReadArguments(RawReading reading, string tool, string id)
    {
        var (scanner, writer) = (reading.Scanner, reading.Writer);
        var span = new NestedSpan("\"");
        scanner.Release();
        writer.Begin(tool, id.Length > 0 ? id : null);
        while (true)
        {
            int length = span.Read(scanner.Rest);
            writer.Arguments(scanner.Rest[..length]);
            scanner.Skip(length);
            if (span.IsClosed || scanner.IsComplete) break;
            yield return Need.More;
        }

        if (span.IsClosed) writer.End();
        else writer.Cut();
    }

    /// <summary>What follows the mark and is no call is text; the mark is not.</summary>
    private static void GiveBack(RawReading reading)
    {
        reading.Writer.Text(reading.Scanner.Held[Open.Length..].TrimStart());
        reading.Scanner.Release();
        reading.Writer.Finding("A tool call was begun and not made.");
    }
}
