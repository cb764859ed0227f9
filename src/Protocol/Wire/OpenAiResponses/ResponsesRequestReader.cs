using System.Collections.Frozen;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;
using Countersign.Protocol.Wire.OpenAiChat;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>Reads a request in full. What needs a store (an earlier response, a conversation, work in the background) is the upstream's matter where it speaks this API,
/// and refused elsewhere.</summary>
internal static class ResponsesRequestReader
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning", "include", "max_output_tokens", "temperature", "top_p",
        "top_logprobs", "user", "prompt_cache_key", "stream",
    ]);

    /// <exception cref="ProblemException">A field is of the wrong type or out of range, or the conversation contradicts itself.</exception>
    public static ChatRequest Read(WireRequest wire)
    {
        var body = WireObject.Parse(wire.Body.Span);
        var extra = body.Except(Known);
        if (body["store"].FlagOrNull() == false) extra.Remove("store"); // as it is anyway
        var tools = ResponsesTools.Read(body["tools"]);
        int? topLogprobs = body["top_logprobs"].IntegerOrNull(0, 128);
        bool logprobs = ResponsesInclude.Read(body["include"], extra) | topLogprobs > 0;
        _ = body["background"].FlagOrNull();
        var request = new ChatRequest
        {
            Api = WireApiKind.OpenAiResponses,
            Model = wire.Model,
            Messages = ResponsesInputReader.Read(body),
            Tools = tools,
            ToolChoice = ResponsesTools.ReadChoice(body["tool_choice"], tools, extra),
            ParallelToolCalls = body["parallel_tool_calls"].FlagOrNull(),
            ResponseFormat = ReadFormat(body["text"], extra),
            MaxOutputTokens = wire.MaxOutputTokens,
            Temperature = body["temperature"].NumberOrNull(0, 2),
            TopP = body["top_p"].NumberOrNull(0, 1),
            Logprobs = logprobs,
            TopLogprobs = logprobs ? topLogprobs : null, // 0 alone asks for nothing.
            Thinking = ReadThinking(body["reasoning"], extra),
            User = body["user"].TextOrNull(),
            PromptCacheKey = wire.PromptCacheKey,
            Stream = wire.Stream,
            IncludeUsage = true,
            Extra = extra,
        };
        return request with { Origin = new RequestOrigin(body.Element, request) };
    }

    private static ResponseFormat? ReadFormat(WireValue value, Dictionary<string, JsonElement> extra)
    {
        if (value.ObjectOrNull() is not { } text) return null;
        if (!text["verbosity"].IsMissing) extra["text.verbosity"] = text["verbosity"].Element;
        if (text["format"].ObjectOrNull() is not { } format) return null;
        switch (format["type"].Text())
        {
            case "text": return new ResponseFormat(ResponseFormatKind.Text);
            case "json_object": return new ResponseFormat(ResponseFormatKind.JsonObject);
            case "json_schema": return new ResponseFormat(ResponseFormatKind.JsonSchema, format["name"].Text(), format["schema"].Object().Element, format["strict"].FlagOrNull(), format["description"].TextOrNull());
            default:
                extra["text"] = value.Element;
                return null;
        }
    }

    private static Thinking? ReadThinking(WireValue value, Dictionary<string, JsonElement> extra)
    {
        if (value.ObjectOrNull()?["effort"].TextOrNull() is not { } effort) return null;
        if (Thinking.Of(effort) is { } thinking) return thinking;
        extra["reasoning"] = value.Element;
        return null;
    }
}
