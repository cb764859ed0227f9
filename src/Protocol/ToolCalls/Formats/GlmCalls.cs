using System.Text;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>GLM-4.5 and later: <c>&lt;tool_call&gt;NAME</c>, then keys and values in tags. A cut-off call is text, so a call is certain at its end.</summary>
internal sealed class GlmCalls() : ToolCallFormat("glm_arg_kv")
{
    private const string Open = "<tool_call>", Close = "</tool_call>", KeyOpen = "<arg_key>", KeyClose = "</arg_key>", ValueOpen = "<arg_value>", ValueClose = "</arg_value>";
    private static readonly MarkSet KeyOrEnd = new(KeyOpen, Close), KeyEnd = new(KeyClose), ValueBegin = new(ValueOpen, KeyOpen, Close), ValueEnd = new(ValueClose);

    internal override IReadOnlyList<string> Openers { get; } = [Open];

    internal override IEnumerable<Need> Read(RawReading reading)
    {
        var (name, key, value) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        List<(string Key, string Value)> arguments = [];
        reading.SkipMark();
        foreach (var need in reading.PassUntil(KeyOrEnd, text => name.Append(text))) yield return need;
        bool isBroken = false;
        while (reading.Mark == KeyOpen)
        {
            key.Clear();
            value.Clear();
            reading.SkipMark();
            foreach (var need in reading.PassUntil(KeyEnd, text => key.Append(text))) yield return need;
            reading.SkipMark();
            foreach (var need in reading.PassUntil(ValueBegin, text => isBroken |= !text.IsWhiteSpace())) yield return need;
            isBroken |= reading.Mark != ValueOpen;
            if (reading.Mark != ValueOpen) continue;
            reading.SkipMark();
            foreach (var need in reading.PassUntil(ValueEnd, text => value.Append(text))) yield return need;
            reading.SkipMark();
            arguments.Add((key.ToString().Trim(), value.ToString()));
            if (reading.Mark is null) break;
            foreach (var need in reading.PassUntil(KeyOrEnd, text => isBroken |= !text.IsWhiteSpace())) yield return need;
        }

        if (reading.Mark == Close) reading.SkipMark();
        string tool = name.ToString().Trim();
        if (reading.Mark is null) reading.GiveBack("A tool call is cut off.");
        else if (isBroken || tool.Length == 0 || tool.AsSpan().IndexOfAny(" \n{<") >= 0) reading.GiveBack("A tool call is not written as one.");
        else Call(reading, tool, arguments);
    }

    private static void Call(RawReading reading, string name, List<(string Key, string Value)> arguments)
    {
        var writer = new ParameterWriter(reading.Writer, ToolNames.Find(reading.Tools, name), name, unwraps: false);
        reading.Writer.Begin(name);
        foreach (var (key, value) in arguments)
        {
            writer.BeginValue(key, isText: false);
            writer.Value(value);
            writer.EndValue();
        }

        writer.End(isCut: false);
    }
}
