using Countersign.Protocol.ToolCalls;

namespace Countersign.Protocol.Dialects;

/// <summary>How each family writes.</summary>
public static class TextStyles
{
    private static readonly string[] NeverThink = ["llama-3.1-8b", "llama-3.2", "llama-3.3-70b", "llama-4", "gemma-3", "functiongemma", "phi-4-mini", "granite-4", "smollm"];

    /// <summary>How a family, or a model by its name, writes; plain text where it is not known.</summary>
    public static TextStyle For(string family)
    {
        var format = ToolCallFormats.For(family);
        string plain = FamilyFormats.Plain(family);
        if (NeverThink.Any(beginning => plain.StartsWith(beginning, StringComparison.Ordinal))) return new TextStyle(format, null);
        if (plain.StartsWith("granite", StringComparison.Ordinal)) return new TextStyle(format, ThoughtMarks.Granite);
        return new TextStyle(format, format is null ? null : ThoughtsOf(format));
    }

    /// <summary>Whether it is known how a family, or a model by its name, writes.</summary>
    public static bool IsKnown(string family)
    {
        string plain = FamilyFormats.Plain(family);
        return ToolCallFormats.For(family) is not null || NeverThink.Any(beginning => plain.StartsWith(beginning, StringComparison.Ordinal));
    }

    /// <summary>The marks of reasoning that go with a format of calls.</summary>
    internal static ThoughtMarks? ThoughtsOf(ToolCallFormat format) => format.Name switch
    {
        "harmony" => null,
        "mistral" => ThoughtMarks.Mistral,
        "gemma4" => ThoughtMarks.Gemma,
        "apertus" => ThoughtMarks.Apertus,
        "pangu" => ThoughtMarks.Pangu,
        "kimi_k2_sections" or "qwen3_coder_xml" => ThoughtMarks.ThinkUntilCall,
        _ => ThoughtMarks.Think,
    };
}
