using System.Text;
using System.Text.Json.Nodes;
using Countersign.Protocol.Dialects.PromptCaching;

namespace Countersign.Protocol.Tests.Dialects.PromptCaching;

/// <summary>Prompts long enough to be kept, and what becomes of them.</summary>
internal static class Prompts
{
    public const string Ephemeral = """{"type":"ephemeral"}""";

    public static readonly CacheScope Scope = new("caller", "deployment");

    /// <summary>A text of 1,250 tokens or so.</summary>
    public static readonly string Long = string.Concat(Enumerable.Repeat("long ", 1000));

    /// <summary>The body after marking, and what was put in.</summary>
    public static (JsonNode Body, CacheMarking? Marking) Mark(string body, CacheRule rule, CacheScope? scope = null)
    {
        var (marked, marking) = PromptCache.Mark(Encoding.UTF8.GetBytes(body), rule, scope ?? Scope);
        return (JsonNode.Parse(marked.Span)!, marking);
    }

    /// <summary>The marks in a body, in its order: the path of each.</summary>
    public static List<string> MarksIn(JsonNode? node) => node switch
    {
        JsonObject item => [.. item.SelectMany(member => member.Key is "cache_control" or "prompt_cache_breakpoint" ? [item.GetPath()] : MarksIn(member.Value))],
        JsonArray list => [.. list.SelectMany(MarksIn)],
        _ => [],
    };

    /// <summary>The body without marks, every lone text block as the text that is short for it: what the upstream understands of it.</summary>
    public static JsonNode? Meaning(JsonNode? node) => node switch
    {
        JsonObject item => new JsonObject(item.Where(member => member.Key is not ("cache_control" or "prompt_cache_breakpoint" or "prompt_cache_key")).Select(member => KeyValuePair.Create(member.Key, member.Key is "content" or "system" ? Blocks(member.Value) : Meaning(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Meaning)]),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Blocks(JsonNode? content) => content is JsonValue text && text.TryGetValue(out string? words)
        ? new JsonArray(new JsonObject { ["type"] = "text", ["text"] = words })
        : Meaning(content);
}
