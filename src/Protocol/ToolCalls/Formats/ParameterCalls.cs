using System.Text;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Calls in tags, one tag a parameter, whose values are bare text typed by the tool's schema: Qwen3-Coder, MiniMax-M2, DeepSeek's DSML.
/// A string flows while it is written; any other value when its tag closes.</summary>
/// <param name="name">The format's name.</param>
/// <param name="tags">The tags.</param>
internal sealed class ParameterCalls(string name, ParameterTags tags) : ToolCallFormat(name)
{
    private readonly MarkSet callOrEnd = new(tags.CallOpen, tags.BlockClose), headEnd = new(">");
    private readonly MarkSet parameterOrEnd = new(tags.ParameterOpen, tags.CallClose, tags.BlockClose);
    private readonly MarkSet valueEnd = new(tags.IsLineByLine ? [$"\n{tags.ParameterClose}", tags.ParameterClose] : [tags.ParameterClose]);

    internal override IReadOnlyList<string> Openers { get; } = tags.IsBlockOptional ? [tags.BlockOpen, tags.CallOpen] : [tags.BlockOpen];

    internal override IEnumerable<Need> Read(RawReading reading)
    {
        int before = reading.Writer.Calls;
        bool isNoise = false, inBlock = reading.Mark == tags.BlockOpen;
        if (inBlock) reading.SkipMark();
        do
        {
            foreach (var need in reading.PassUntil(callOrEnd, text => isNoise |= !text.IsWhiteSpace())) yield return need;
            if (reading.Mark != tags.CallOpen) break;
            foreach (var need in ReadCall(reading)) yield return need;
        }
        while (inBlock && reading.Mark is not null);

        bool isMade = reading.Writer.Calls > before;
        if (reading.Mark == tags.BlockClose) reading.SkipMark();
        if (!isMade) reading.GiveBack(reading.Mark is null ? "A tool call is cut off." : "A tool call was begun and not made.");
        else if (isNoise) reading.Writer.Finding("Text between tool calls is left out.");
        if (isMade && !inBlock) // The block's end may be written although its beginning is not.
        {
            foreach (var need in reading.SkipMarkAfterSpace(tags.BlockClose)) yield return need;
        }
    }

    private IEnumerable<Need> ReadCall(RawReading reading)
    {
        var head = new StringBuilder();
        reading.SkipMark();
        foreach (var need in reading.PassUntil(headEnd, text => head.Append(text))) yield return need;
        if (reading.Mark is null)
        {
            if (reading.Scanner.Held.IsEmpty) reading.Writer.Finding("A tool call is cut off.");
            yield break;
        }

        reading.SkipMark();
        reading.Scanner.Release();
        string tool = TagHead.NameOf(head.ToString());
        var writer = new ParameterWriter(reading.Writer, ToolNames.Find(reading.Tools, tool), tool, tags.UnwrapsArguments);
        reading.Writer.Begin(tool);
        bool isNoise = false;
        while (true)
        {
            foreach (var need in reading.PassUntil(parameterOrEnd, text => isNoise |= !text.IsWhiteSpace())) yield return need;
            if (reading.Mark != tags.ParameterOpen) break;
            foreach (var need in ReadParameter(reading, writer)) yield return need;
        }

        if (isNoise) reading.Writer.Finding($"Text between the arguments of {tool} is left out.");
        if (reading.Mark == tags.CallClose) reading.SkipMark();
        writer.End(isCut: reading.Mark is null);
    }

    private IEnumerable<Need> ReadParameter(RawReading reading, ParameterWriter writer)
    {
        var head = new StringBuilder();
        reading.SkipMark();
        foreach (var need in reading.PassUntil(headEnd, text => head.Append(text))) yield return need;
        if (reading.Mark is null) yield break;
        reading.SkipMark();
        var (scanner, written) = (reading.Scanner, head.ToString());
        while (tags.IsLineByLine && scanner.Starts("\n") is null) yield return Need.More;
        if (tags.IsLineByLine && scanner.Starts("\n") == true) scanner.Skip(1);
        writer.BeginValue(TagHead.NameOf(written), TagHead.IsText(written) ?? tags.IsTextWhereUnknown);
        foreach (var need in reading.PassUntil(valueEnd, writer.Value)) yield return need;
        if (reading.Mark is null) yield break;
        reading.SkipMark();
        writer.EndValue();
    }
}

/// <summary>The tags of a format of parameters.</summary>
/// <param name="BlockOpen">Opens a block of calls.</param>
/// <param name="BlockClose">Closes it.</param>
/// <param name="CallOpen">Opens a call, up to the tool's name.</param>
/// <param name="CallClose">Closes it.</param>
/// <param name="ParameterOpen">Opens a parameter, up to its name.</param>
/// <param name="ParameterClose">Closes it.</param>
internal sealed record ParameterTags(string BlockOpen, string BlockClose, string CallOpen, string CallClose, string ParameterOpen, string ParameterClose)
{
    /// <summary>Whether a call may stand without its block.</summary>
    public bool IsBlockOptional { get; init; }

    /// <summary>Whether a value stands on lines of its own: one line break before and after it is not part of it.</summary>
    public bool IsLineByLine { get; init; }

    /// <summary>Whether a value that neither schema nor tag types is a string; otherwise it is JSON where it looks so.</summary>
    public bool IsTextWhereUnknown { get; init; }

    /// <summary>Whether a lone parameter <c>arguments</c> or <c>input</c> that the tool does not have holds all arguments.</summary>
    public bool UnwrapsArguments { get; init; }
}
