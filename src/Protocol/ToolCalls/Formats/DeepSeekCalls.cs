namespace Countersign.Protocol.ToolCalls;

/// <summary>DeepSeek-V3 and R1 (<c>function</c>, name, fenced JSON) and V3.1 (name, bare JSON). The marks use U+FF5C and U+2581.</summary>
internal sealed class DeepSeekCalls : SectionCalls
{
    private const string Separator = "<｜tool▁sep｜>", CallEnd = "<｜tool▁call▁end｜>";
    private readonly bool isFenced;

    private DeepSeekCalls(string name, IReadOnlyList<string> argumentsBegin, IReadOnlyList<string> argumentsEnd)
        : base(name, new SectionMarks("<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", argumentsBegin, argumentsEnd, CallEnd, "<｜tool▁calls▁end｜>")) => isFenced = argumentsEnd.Count > 0;

    public static DeepSeekCalls Fenced { get; } = new("deepseek_v3", ["\n```json\n", "\n```json", "\n```\n"], [$"\n```{CallEnd}", $"```{CallEnd}"]);

    public static DeepSeekCalls Bare { get; } = new("deepseek_v31", [Separator], []);

    private protected override CallHead HeadOf(string text)
    {
        int separator = text.IndexOf(Separator, StringComparison.Ordinal);
        string name = (isFenced && separator >= 0 ? text[(separator + Separator.Length)..] : text).Trim();
        bool isNamed = name.Length > 0 && (!isFenced || separator >= 0);
        return new CallHead(text.Trim(), isNamed ? name : null, null);
    }
}
