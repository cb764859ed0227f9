using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Countersign.Cli.Demo;

/// <summary>Tasks of one kind: they go through one route, and their answers have one form.</summary>
/// <param name="Route">The route.</param>
/// <param name="Messages">What stands before each question.</param>
/// <param name="Question">The question; <c>{text}</c> is the task's text.</param>
/// <param name="Schema">The JSON schema of the answer.</param>
/// <param name="Tasks">The tasks.</param>
internal sealed record TaskKind(string Route, IReadOnlyList<JsonElement> Messages, string Question, JsonElement Schema, IReadOnlyList<DemoTask> Tasks)
{
    private const int Seed = 1; // So that two runs on one machine are the same.

    /// <summary>The body of the request that asks a task.</summary>
    public string RequestOf(DemoTask task)
    {
        var question = new JsonObject { ["role"] = "user", ["content"] = Question.Replace("{text}", task.Text) };
        var request = new JsonObject
        {
            ["model"] = Route,
            ["messages"] = new JsonArray([.. Messages.Select(message => JsonNode.Parse(message.GetRawText())), question]),
            ["response_format"] = new JsonObject
            {
                ["type"] = "json_schema",
                ["json_schema"] = new JsonObject { ["name"] = Route, ["schema"] = JsonNode.Parse(Schema.GetRawText()) },
            },
            ["seed"] = Seed,
        };
        return request.ToJsonString();
    }
}

/// <summary>A task with its known answer, which is looked at after the run and which the gateway never sees.</summary>
/// <param name="Name">What it is called on the screen.</param>
/// <param name="Text">The text that it is about.</param>
/// <param name="Answer">The fields that a right answer has; <c>null</c> where the text does not say, so that no value is right.</param>
internal sealed record DemoTask(string Name, string Text, JsonElement Answer)
{
    /// <summary>Whether an answer is right. Case and spaces around do not count, and numbers count by value.</summary>
    public bool IsRight(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && Answer.EnumerateObject().All(known => answer.TryGetProperty(known.Name, out var given) && IsSame(known.Value, given));

    private static bool IsSame(JsonElement known, JsonElement given) => (known.ValueKind, given.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => given.TryGetDecimal(out decimal number) && number == known.GetDecimal(),
        (JsonValueKind.String, JsonValueKind.String) => known.GetString()!.Trim().Equals(given.GetString()!.Trim(), StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}

/// <summary>The tasks that ship.</summary>
internal static class DemoTasks
{
    /// <summary>Reads them.</summary>
    public static IReadOnlyList<TaskKind> Read()
    {
        using var stream = typeof(DemoTasks).Assembly.GetManifestResourceStream("Countersign.Cli.Demo.tasks.json")!;
        return JsonSerializer.Deserialize(stream, DemoJson.Default.IReadOnlyListTaskKind)!;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<TaskKind>))]
internal sealed partial class DemoJson : JsonSerializerContext;
