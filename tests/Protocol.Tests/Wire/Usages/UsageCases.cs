using System.Text;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire.Usages;

/// <summary>Answers that hold little more than a usage object.</summary>
internal static class UsageCases
{
    public static Usage Read(WireApiKind api, JsonObject usage) => Report(api, usage).Usage;

    public static UsageReported Report(WireApiKind api, JsonObject usage, JsonObject? timings = null)
    {
        JsonObject body = api switch
        {
            WireApiKind.AnthropicMessages => new() { ["type"] = "message", ["content"] = new JsonArray(), ["stop_reason"] = "end_turn", ["usage"] = usage },
            WireApiKind.OpenAiResponses => new() { ["object"] = "response", ["status"] = "completed", ["output"] = new JsonArray(), ["usage"] = usage },
            WireApiKind.Gemini => new() { ["candidates"] = new JsonArray(JsonNode.Parse("""{"finishReason":"STOP"}""")), ["usageMetadata"] = usage },
            _ => new() { ["choices"] = new JsonArray(JsonNode.Parse("""{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}""")), ["usage"] = usage },
        };
        if (timings is not null) body["timings"] = timings;
        var events = new List<ChatEvent>();
        UpstreamApi.Of(api).NewAnswerReader().ReadWhole(Encoding.UTF8.GetBytes(body.ToJsonString()), events);
        return events.OfType<UsageReported>().Last();
    }
}
