using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>The raw formats of tool calls that are read here.</summary>
public static class ToolCallFormats
{
    /// <summary>Hermes, Qwen2.5, Qwen3, QwQ; also what models without a format of their own are asked to write.</summary>
    public static ToolCallFormat Hermes { get; } = new JsonCalls("hermes_json", ["<tool_call>"], "</tool_call>");

    /// <summary>ERNIE 4.5.</summary>
    public static ToolCallFormat Ernie { get; } = new JsonCalls("ernie45", ["<tool_call>"], "</tool_call>");

    /// <summary>Granite: three generations.</summary>
    public static ToolCallFormat Granite { get; } = new JsonCalls("granite", ["<|tool_call|>", "<tool_call>"], "</tool_call>");

    /// <summary>MiniMax-M1.</summary>
    public static ToolCallFormat MiniMaxM1 { get; } = new JsonCalls("minimax_m1", ["<tool_calls>"], "</tool_calls>") { TrimOf = TextTrim.Around };

    /// <summary>Nemotron Nano 2, Llama-Nemotron.</summary>
    public static ToolCallFormat Nemotron { get; } = new JsonCalls("nemotron_toolcall", ["<TOOLCALL>"], "</TOOLCALL>") { IgnoredMarks = ["<SPECIAL_12>"] };

    /// <summary>Phi-4-mini, FireFunction.</summary>
    public static ToolCallFormat Phi4Mini { get; } = new JsonCalls("phi4_mini_json", ["functools["], null) { OpensList = true };

    /// <summary>openPangu.</summary>
    public static ToolCallFormat Pangu { get; } = new JsonCalls("pangu", ["<|tool_call_start|>"], "<|tool_call_end|>");

    /// <summary>Apertus.</summary>
    public static ToolCallFormat Apertus { get; } = new JsonCalls("apertus", ["<|tools_prefix|>"], "<|tools_suffix|>", JsonCallForm.Keyed) { TrimOf = TextTrim.BeforeCalls };

    /// <summary>Kimi-K2 and later.</summary>
    public static ToolCallFormat Kimi { get; } = new KimiCalls();

    /// <summary>DeepSeek-V3, R1.</summary>
    public static ToolCallFormat DeepSeekV3 { get; } = DeepSeekCalls.Fenced;

    /// <summary>DeepSeek-V3.1.</summary>
    public static ToolCallFormat DeepSeekV31 { get; } = DeepSeekCalls.Bare;

    /// <summary>DeepSeek-V3.2.</summary>
    public static ToolCallFormat DeepSeekV32 { get; } = Dsml("deepseek_dsml", "function_calls");

    /// <summary>DeepSeek-V4, which takes no block of V3.2.</summary>
    public static ToolCallFormat DeepSeekV4 { get; } = Dsml("deepseek_dsml_v4", "tool_calls");

    /// <summary>Qwen3-Coder, Qwen3.5 and later, Nemotron 3.</summary>
    public static ToolCallFormat QwenCoder { get; } = new ParameterCalls("qwen3_coder_xml", new ParameterTags(
        "<tool_call>", "</tool_call>", "<function=", "</function>", "<parameter=", "</parameter>")
    { IsBlockOptional = true, IsLineByLine = true, IsTextWhereUnknown = true });

    /// <summary>MiniMax-M2 and later.</summary>
    public static ToolCallFormat MiniMaxM2 { get; } = new ParameterCalls("minimax_m2", new ParameterTags(
        "<minimax:tool_call>", "</minimax:tool_call>", "<invoke name=\"", "</invoke>", "<parameter name=\"", "</parameter>")
    { IsTextWhereUnknown = true });

    /// <summary>GLM-4.5 and later.</summary>
    public static ToolCallFormat Glm { get; } = new GlmCalls();

    /// <summary>gpt-oss.</summary>
    public static ToolCallFormat Harmony { get; } = new HarmonyCalls();

    /// <summary>Llama 3.</summary>
    public static ToolCallFormat Llama3 { get; } = new Llama3Calls();

    /// <summary>Llama 4.</summary>
    public static ToolCallFormat Llama4 { get; } = new PythonicCalls("llama4_pythonic", "<|python_start|>", "<|python_end|>", isList: true);

    /// <summary>OLMo 3.</summary>
    public static ToolCallFormat Olmo { get; } = new PythonicCalls("olmo3", "<function_calls>", "</function_calls>", isList: false);

    /// <summary>Mistral, all generations.</summary>
    public static ToolCallFormat Mistral { get; } = new MistralCalls();

    /// <summary>Gemma 4.</summary>
    public static ToolCallFormat Gemma4 { get; } = new GemmaCalls("gemma4", "<|tool_call>", "<tool_call|>", "<|\"|>", quotesAll: false);

    /// <summary>FunctionGemma.</summary>
    public static ToolCallFormat FunctionGemma { get; } = new GemmaCalls("functiongemma", "<start_function_call>", "<end_function_call>", "<escape>", quotesAll: true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ToolCallFormat> All { get; } =
    [
        Hermes, Ernie, Granite, MiniMaxM1, Nemotron, Phi4Mini, Pangu, Apertus, Kimi, DeepSeekV3, DeepSeekV31, DeepSeekV32, DeepSeekV4,
        QwenCoder, MiniMaxM2, Glm, Harmony, Llama3, Llama4, Olmo, Mistral, Gemma4, FunctionGemma,
    ];

    /// <summary>The format that a family, or a model by its name, writes; <c>null</c> where none is known and its text is plain.
    /// A family without a format of its own (Gemma 3, Phi-4) is asked for <see cref="Hermes"/>.</summary>
    public static ToolCallFormat? For(string family)
    {
        ArgumentNullException.ThrowIfNull(family);
        return FamilyFormats.Find(family);
    }

    private static ParameterCalls Dsml(string name, string block) => new(name, new ParameterTags(
        $"<｜DSML｜{block}>", $"</｜DSML｜{block}>", "<｜DSML｜invoke name=\"", "</｜DSML｜invoke>", "<｜DSML｜parameter name=\"", "</｜DSML｜parameter>")
    { UnwrapsArguments = true });
}
