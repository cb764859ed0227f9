using System.Collections.Frozen;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Reads a request in full.</summary>
internal static class OpenAiChatRequestReader
{
    private const int MostStops = 1024;

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "tools", "tool_choice", "parallel_tool_calls", "response_format", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k",
        "frequency_penalty", "presence_penalty", "stop", "seed", "n", "logprobs", "top_logprobs", "user", "prompt_cache_key", "stream", "stream_options",
    ]);

    /// <exception cref="ProblemException">A field is of the wrong type or out of range, or the conversation contradicts itself.</exception>
    public static ChatRequest Read(WireRequest wire)
    {
        var body = WireObject.Parse(wire.Body.Span);
        RefuseFunctions(body);
        var extra = body.Except(Known);
        var tools = OpenAiChatTools.Read(body["tools"]);
        bool logprobs = body["logprobs"].FlagOrNull() ?? false;
        var request = new ChatRequest
        {
            Api = WireApiKind.OpenAiChat,
            Model = wire.Model,
            Messages = OpenAiChatMessageReader.Read(body["messages"]),
            Tools = tools,
            ToolChoice = OpenAiChatTools.ReadChoice(body["tool_choice"], tools, extra),
            ParallelToolCalls = body["parallel_tool_calls"].FlagOrNull(),
            ResponseFormat = ReadFormat(body["response_format"], extra),
            MaxOutputTokens = wire.MaxOutputTokens,
            Temperature = body["temperature"].NumberOrNull(0, 2),
            TopP = body["top_p"].NumberOrNull(0, 1),
            TopK = body["top_k"].IntegerOrNull(-1, int.MaxValue) is > 0 and var topK ? topK : null, // -1 and 0: all candidates
            FrequencyPenalty = body["frequency_penalty"].NumberOrNull(-2, 2),
            PresencePenalty = body["presence_penalty"].NumberOrNull(-2, 2),
            Stop = ReadStop(body["stop"]),
            Seed = body["seed"].LongOrNull(),
            ChoiceCount = wire.ChoiceCount,
            Logprobs = logprobs,
            TopLogprobs = ReadTopLogprobs(body["top_logprobs"], logprobs),
            Thinking = ThinkingKnobs.Take(body, extra),
            User = body["user"].TextOrNull(),
            PromptCacheKey = wire.PromptCacheKey,
            Stream = wire.Stream,
            IncludeUsage = wire.IncludeUsage,
            Extra = extra,
        };
        return request with { Origin = new RequestOrigin(body.Element, request) };
    }

    private static void RefuseFunctions(WireObject body)
    {
        if (!body["functions"].IsMissing) throw ProblemException.Invalid("'functions' is the form that OpenAI gave up for 'tools': send 'tools'.", "functions");
        if (!body["function_call"].IsMissing) throw ProblemException.Invalid("'function_call' is the form that OpenAI gave up for 'tool_choice': send 'tool_choice'.", "function_call");
    }

    private static int? ReadTopLogprobs(WireValue value, bool logprobs)
    {
        int? top = value.IntegerOrNull(0, 128);
        if (top is not null && !logprobs) throw ProblemException.Invalid("'top_logprobs' needs 'logprobs' to be true.", value.Path);
        return top;
    }

    private static string[] ReadStop(WireValue value)
    {
        if (value.IsMissing) return [];
        string[] stops = value.IsText ? [value.Text()] : value.IsArray ? [.. value.Items().Select(item => item.Text())] : throw value.Wrong("a string or an array of strings");
        if (stops.Length > MostStops) throw value.Wrong($"at most {MostStops} strings");
        return stops.Contains("") ? throw value.Wrong("without empty strings") : stops;
    }

    /// <summary>A form that is not known here (a server's own grammar) stays among the extra fields.</summary>
    private static ResponseFormat? ReadFormat(WireValue value, Dictionary<string, JsonElement> extra)
    {
        if (value.ObjectOrNull() is not { } format) return null;
        switch (format["type"].Text())
        {
            case "text":
                return new ResponseFormat(ResponseFormatKind.Text);
            case "json_object": // llama.cpp takes a schema here too
                return format["schema"].IsMissing
                    ? new ResponseFormat(ResponseFormatKind.JsonObject)
                    : new ResponseFormat(ResponseFormatKind.JsonSchema, null, ReadSchema(format["schema"]));
            case "json_schema":
                var schema = format["json_schema"].Object();
                return new ResponseFormat(ResponseFormatKind.JsonSchema, schema["name"].TextOrNull(), ReadSchema(schema["schema"]), schema["strict"].FlagOrNull(), schema["description"].TextOrNull());
            default:
                extra["response_format"] = value.Element;
                return null;
        }
    }

    private static JsonElement? ReadSchema(WireValue value) =>
        value.IsMissing ? null : value.IsObject || value.Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.Element : throw value.Wrong("a JSON schema");
}
