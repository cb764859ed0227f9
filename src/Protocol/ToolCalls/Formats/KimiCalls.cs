namespace Countersign.Protocol.ToolCalls;

/// <summary>Kimi-K2 and later. A call's id is <c>functions.NAME:INDEX</c> and goes back unchanged.</summary>
internal sealed class KimiCalls() : SectionCalls("kimi_k2_sections", new SectionMarks(
    "<|tool_calls_section_begin|>", "<|tool_call_begin|>", ["<|tool_call_argument_begin|>"], [], "<|tool_call_end|>", "<|tool_calls_section_end|>"))
{
    private const string Prefix = "functions.";

    private protected override CallHead HeadOf(string text)
    {
        string id = text.Trim();
        int colon = id.LastIndexOf(':');
        bool isNumbered = IsNumber(id.AsSpan(colon + 1));
        if (colon < 0) return new CallHead(id, null, isNumbered ? id : null);
        string name = id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..Math.Max(colon, Prefix.Length)] : id[..colon];
        return isNumbered && name.Length > 0 ? new CallHead(id, name, id) : new CallHead(id, null, null);
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0;
}
