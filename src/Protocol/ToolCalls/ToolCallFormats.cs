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

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ToolCallFormat> All { get; } =
        [Hermes, Ernie, Granite, MiniMaxM1, Nemotron, Phi4Mini, Pangu, Apertus, Kimi, DeepSeekV3, DeepSeekV31];
}
