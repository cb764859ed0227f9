using System.Collections.Frozen;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Reads a request in full. <c>max_tokens</c> may be missing: <c>count_tokens</c> has none, and the writer knows a default.</summary>
internal static class AnthropicRequestReader
{
    private const int MostStops = 1024;

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "system", "max_tokens", "tools", "tool_choice", "thinking", "output_config", "output_format", "stop_sequences",
        "temperature", "top_p", "top_k", "metadata", "stream",
    ]);

    /// <exception cref="ProblemException">A field is of the wrong type or out of range, or the conversation contradicts itself.</exception>
    public static ChatRequest Read(WireRequest wire)
    {
        var body = WireObject.Parse(wire.Body.Span);
        var extra = body.Except(Known);
        var tools = AnthropicTools.Read(body["tools"]);
        var request = new ChatRequest
        {
            Api = WireApiKind.AnthropicMessages,
            Model = wire.Model,
            Messages = AnthropicMessageReader.Read(body),
            Tools = tools,
            ToolChoice = AnthropicTools.ReadChoice(body["tool_choice"], tools),
            ParallelToolCalls = AnthropicTools.ReadParallel(body["tool_choice"]),
            ResponseFormat = ReadFormat(body),
            MaxOutputTokens = wire.MaxOutputTokens,
            Temperature = body["temperature"].NumberOrNull(0, 2),
            TopP = body["top_p"].NumberOrNull(0, 1),
            TopK = body["top_k"].IntegerOrNull(-1, int.MaxValue) is > 0 and var topK ? topK : null,
            Stop = ReadStops(body["stop_sequences"]),
            Thinking = AnthropicThinking.Read(body, extra),
            User = ReadUser(body["metadata"], extra),
            PromptCacheKey = wire.PromptCacheKey,
            Stream = wire.Stream,
            IncludeUsage = true,
            Extra = extra,
        };
        return request with { Origin = new RequestOrigin(body.Element, request) };
    }

    private static ResponseFormat? ReadFormat(WireObject body)
    {
        var value = body["output_format"].IsMissing ? body["output_config"].ObjectOrNull()?["format"] ?? default : body["output_format"];
        if (value.ObjectOrNull() is not { } format) return null;
        if (format["type"].Text() != "json_schema") throw format["type"].Wrong("'json_schema'");
        return new ResponseFormat(ResponseFormatKind.JsonSchema, null, format["schema"].Object().Element, true);
    }

    private static string[] ReadStops(WireValue value)
    {
        string[] stops = [.. value.Items().Select(item => item.Text())];
        if (stops.Length > MostStops) throw value.Wrong($"at most {MostStops} strings");
        return stops.Contains("") ? throw value.Wrong("without empty strings") : stops;
    }

    private static string? ReadUser(WireValue value, Dictionary<string, JsonElement> extra)
    {
        if (value.ObjectOrNull() is not { } metadata) return null;
        foreach (var (name, element) in metadata.Except(FrozenSet.ToFrozenSet(["user_id"]))) extra[$"metadata.{name}"] = element;
        return metadata["user_id"].TextOrNull();
    }
}
