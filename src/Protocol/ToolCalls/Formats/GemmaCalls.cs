using System.Text;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Gemma 4 and FunctionGemma: <c>call:NAME{key:value,..}</c> between marks, keys bare, strings between marks of their own. A cut-off call is text.</summary>
/// <param name="name">The format's name.</param>
/// <param name="open">What a call begins with.</param>
/// <param name="close">What it ends with.</param>
/// <param name="quote">What stands before and after a string.</param>
/// <param name="quotesAll">Whether every value is quoted, so that what looks like JSON is JSON.</param>
internal sealed class GemmaCalls(string name, string open, string close, string quote, bool quotesAll) : ToolCallFormat(name)
{
    private readonly MarkSet quoteOrEnd = new(quote, close), quoteEnd = new(quote);

    internal override IReadOnlyList<string> Openers { get; } = [open];

    internal override TextTrim Trim => TextTrim.BeforeCalls;

    internal override IEnumerable<Need> Read(RawReading reading)
    {
        var body = new StringBuilder();
        TakeText take = text => body.Append(text);
        bool isInString = false;
        reading.SkipMark();
        while (true)
        {
            foreach (var need in reading.PassUntil(isInString ? quoteEnd : quoteOrEnd, take)) yield return need;
            if (reading.Mark != quote) break;
            body.Append(quote);
            reading.SkipMark();
            isInString = !isInString;
        }

        reading.SkipMark();
        if (reading.Mark is null) reading.GiveBack("A tool call is cut off.");
        else if (GemmaArguments.ReadCall(body.ToString(), quote, quotesAll, reading.Tools) is { } call) reading.Writer.Call(call.Name, call.Arguments);
        else reading.GiveBack("A tool call is not written as one.");
    }
}
