using System.Text.Json.Nodes;

namespace Countersign.Protocol.Tests.Dialects.PromptCaching;

/// <summary>Bodies in all forms that callers may send, sensible or not.</summary>
internal static class RandomPrompt
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "other"];

    public static string Of(Random random)
    {
        List<KeyValuePair<string, JsonNode?>> fields =
        [
            new("model", "m"),
            new("messages", new JsonArray([.. Enumerable.Range(0, random.Next(9)).Select(_ => Message(random))])),
        ];
        if (random.Next(2) == 0) fields.Add(new("system", Content(random)));
        if (random.Next(2) == 0) fields.Add(new("tools", new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(i => new JsonObject { ["name"] = $"tool{i}", ["input_schema"] = new JsonObject() })])));
        if (random.Next(2) == 0) fields.Add(new("extra", new JsonArray(new JsonObject { ["messages"] = new JsonArray(1, 2), ["text"] = null })));
        return new JsonObject(fields.OrderBy(_ => random.Next())).ToJsonString(new() { WriteIndented = random.Next(3) == 0 });
    }

    private static JsonNode? Message(Random random)
    {
        if (random.Next(20) == 0) return random.Next(2) == 0 ? null : JsonValue.Create(3);
        var message = new JsonObject { ["content"] = Content(random) };
        if (random.Next(10) > 0) message.Insert(random.Next(2), "role", random.Next(15) == 0 ? null : JsonValue.Create(Roles[random.Next(Roles.Length)]));
        if (random.Next(4) == 0) message["more"] = new JsonArray("x", new JsonObject { ["text"] = "y" });
        return message;
    }

    private static JsonNode? Content(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(""),
        < 5 => JsonValue.Create("words \"quoted\" \u00e9"),
        _ => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Block(random))]),
    };

    private static JsonNode? Block(Random random) => random.Next(7) switch
    {
        0 => JsonValue.Create("bare"),
        1 => new JsonObject { ["type"] = "text", ["text"] = "" },
        2 => new JsonObject { ["type"] = "thinking", ["thinking"] = "t", ["signature"] = "s" },
        3 => new JsonObject { ["source"] = new JsonObject { ["text"] = "", ["type"] = "thinking" }, ["type"] = "image" },
        4 => new JsonObject { ["type"] = 5, ["text"] = 6 },
        _ => new JsonObject { ["type"] = "text", ["text"] = "block" },
    };
}
