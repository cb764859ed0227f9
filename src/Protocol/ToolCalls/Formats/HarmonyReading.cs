using System.Text;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>gpt-oss: an answer is a series of messages, each with a header that names its channel and its recipient. <c>analysis</c> is reasoning,
/// a message to a function is a call, whose arguments flow as they are written, anything else is text.</summary>
internal sealed class HarmonyReading
{
    private const string Start = "<|start|>", Message = "<|message|>", End = "<|end|>", Call = "<|call|>", Return = "<|return|>", Channel = "<|channel|>";
    private static readonly MarkSet HeaderEnd = new(Message, Start, End, Call, Return), BodyEnd = new(End, Call, Return, Start);

    public static IEnumerable<Need> Read(RawReading reading)
    {
        var header = new StringBuilder();
        while (true)
        {
            foreach (var need in reading.PassUntil(HeaderEnd, text => header.Append(text))) yield return need;
            if (reading.Mark is null) break;
            bool isMessage = reading.Mark == Message;
            reading.SkipMark();
            var parsed = HarmonyHeader.Parse(header.ToString());
            header.Clear();
            if (!isMessage) continue;
            foreach (var need in ReadBody(reading, parsed)) yield return need;
        }

        FinishHeader(reading, header.ToString());
    }

    private static IEnumerable<Need> ReadBody(RawReading reading, HarmonyHeader header)
    {
        var writer = reading.Writer;
        string? tool = header.ToolOf(reading.Tools);
        bool isForeign = tool is null && header.Recipient is not null;
        TakeText take = writer.Text;
        if (isForeign || !header.IsAssistant) take = _ => { };
        else if (header.Channel == "analysis") take = writer.Thought;
        writer.IsInThought = header.Channel == "analysis" && !isForeign && tool is null;
        if (tool is not null) writer.Begin(tool);
        if (header.Channel == "analysis") writer.Split();
        if (isForeign) writer.Finding($"The answer calls \"{header.Recipient}\", which is no function of the request.");
        foreach (var need in tool is null ? reading.PassUntil(BodyEnd, take) : reading.PassArguments(BodyEnd)) yield return need;
        writer.IsInThought &= reading.Mark is null;
        if (tool is not null && reading.Mark == Call) writer.End();
        else if (tool is not null) writer.Cut();
        if (reading.Mark != Start) reading.SkipMark();
    }

    /// <summary>An answer without any header is text; the beginning of one is nothing.</summary>
    private static void FinishHeader(RawReading reading, string header)
    {
        bool isHeader = header.Contains("<|", StringComparison.Ordinal) || header.Contains("to=", StringComparison.Ordinal) || header.Trim() is "" or "assistant";
        if (!isHeader) reading.Writer.Text(header);
        else if (header.Contains("to=", StringComparison.Ordinal)) reading.Writer.Finding("A tool call is cut off.");
    }
}
