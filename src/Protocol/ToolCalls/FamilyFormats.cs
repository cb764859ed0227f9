namespace Countersign.Protocol.ToolCalls;

/// <summary>Which family writes which format. A family is found by the longest beginning of its name; versions matter:
/// Qwen3 writes JSON and Qwen3-Coder tags, DeepSeek changed with V3.1, V3.2 and V4.</summary>
internal static class FamilyFormats
{
    private static readonly (string Beginning, ToolCallFormat Format)[] Rows =
    [
        ("qwen", ToolCallFormats.Hermes), ("qwq", ToolCallFormats.Hermes), ("hermes", ToolCallFormats.Hermes),
        ("qwen3-coder", ToolCallFormats.QwenCoder), ("qwen3.5", ToolCallFormats.QwenCoder), ("qwen3.6", ToolCallFormats.QwenCoder), ("qwen3.8", ToolCallFormats.QwenCoder),
        ("nemotron-3", ToolCallFormats.QwenCoder), ("mimo", ToolCallFormats.QwenCoder),
        ("nemotron", ToolCallFormats.Nemotron), ("llama-nemotron", ToolCallFormats.Nemotron), ("llama-3.1-nemotron", ToolCallFormats.Nemotron), ("llama-3.3-nemotron", ToolCallFormats.Nemotron),
        ("glm", ToolCallFormats.Glm), ("kimi", ToolCallFormats.Kimi),
        ("deepseek-r1", ToolCallFormats.DeepSeekV3), ("deepseek-v3", ToolCallFormats.DeepSeekV3), ("deepseek-v3.1", ToolCallFormats.DeepSeekV31),
        ("deepseek-v3.2", ToolCallFormats.DeepSeekV32), ("deepseek-v4", ToolCallFormats.DeepSeekV4),
        ("minimax-m1", ToolCallFormats.MiniMaxM1), ("minimax", ToolCallFormats.MiniMaxM2),
        ("ernie", ToolCallFormats.Ernie), ("pangu", ToolCallFormats.Pangu), ("openpangu", ToolCallFormats.Pangu),
        ("gpt-oss", ToolCallFormats.Harmony),
        ("llama-3", ToolCallFormats.Llama3), ("llama-4", ToolCallFormats.Llama4),
        ("mistral", ToolCallFormats.Mistral), ("ministral", ToolCallFormats.Mistral), ("magistral", ToolCallFormats.Mistral), ("devstral", ToolCallFormats.Mistral), ("mixtral", ToolCallFormats.Mistral),
        ("gemma-3", ToolCallFormats.Hermes), ("gemma-4", ToolCallFormats.Gemma4), ("functiongemma", ToolCallFormats.FunctionGemma),
        ("phi-4", ToolCallFormats.Hermes), ("phi-4-mini", ToolCallFormats.Phi4Mini),
        ("granite", ToolCallFormats.Granite), ("apertus", ToolCallFormats.Apertus), ("olmo-3", ToolCallFormats.Olmo),
    ];

    /// <summary>The format of a family or model, such as <c>qwen3-30b-a3b</c> or <c>Qwen/QwQ-32B</c>; <c>null</c> where none is known.</summary>
    public static ToolCallFormat? Find(string family)
    {
        string plain = Plain(family);
        return Rows.Where(row => plain.StartsWith(row.Beginning, StringComparison.Ordinal)).OrderByDescending(row => row.Beginning.Length).Select(row => row.Format).FirstOrDefault();
    }

    /// <summary>The name without its maker, in small letters with hyphens.</summary>
    public static string Plain(string family) => family[(family.LastIndexOf('/') + 1)..].ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
}
