using Countersign.Protocol.ToolCalls;

namespace Countersign.Protocol.Dialects;

/// <summary>How each family writes.</summary>
public static class TextStyles
{
    /// <summary>The marks of reasoning that go with a format of calls.</summary>
    internal static ThoughtMarks? ThoughtsOf(ToolCallFormat format) => format.Name switch
    {
        "harmony" => null,
        "mistral" => ThoughtMarks.Mistral,
        "gemma4" => ThoughtMarks.Gemma,
        "apertus" => ThoughtMarks.Apertus,
        "kimi_k2_sections" or "qwen3_coder_xml" => ThoughtMarks.ThinkUntilCall,
        _ => ThoughtMarks.Think,
    };
}
