using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Anthropic's <c>stop_reason</c>.</summary>
internal static class StopReasons
{
    /// <summary>What a <c>stop_reason</c> means.</summary>
    public static FinishReason Read(string? reason) => reason switch
    {
        "end_turn" or "stop_sequence" => FinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "refusal" => FinishReason.ContentFilter,
        "pause_turn" => FinishReason.Pause,
        _ => FinishReason.Unknown,
    };

    /// <summary>The <c>stop_reason</c> to write. Servers that report a plain stop after tool calls are corrected: Anthropic's clients run tools on <c>tool_use</c> only.</summary>
    public static string Write(FinishReason reason, string? stopSequence, bool hasToolCalls, bool isRefusal) => reason switch
    {
        FinishReason.Length => "max_tokens",
        FinishReason.ContentFilter => "refusal",
        FinishReason.Pause => "pause_turn",
        _ when isRefusal => "refusal",
        _ when hasToolCalls => "tool_use",
        _ when stopSequence is not null => "stop_sequence",
        _ => "end_turn",
    };
}
