using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>A response's <c>status</c> and <c>incomplete_details</c>, which say together why it ended.</summary>
internal static class ResponsesStatus
{
    /// <summary>Why a response ended.</summary>
    public static FinishReason Read(JsonElement response, bool hasToolCalls) => response.String("status"u8) switch
    {
        "completed" => hasToolCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "incomplete" => response.Member("incomplete_details"u8).String("reason"u8) switch
        {
            "max_output_tokens" => FinishReason.Length,
            "content_filter" => FinishReason.ContentFilter,
            _ => FinishReason.Unknown,
        },
        _ => FinishReason.Unknown,
    };

    /// <summary>The <c>incomplete_details.reason</c> to write, or <c>null</c> for an answer that is complete.</summary>
    public static string? IncompleteReason(FinishReason reason) => reason switch
    {
        FinishReason.Length => "max_output_tokens",
        FinishReason.ContentFilter => "content_filter",
        _ => null,
    };
}
