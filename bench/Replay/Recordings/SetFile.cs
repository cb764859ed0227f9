using System.Text.Json;

namespace Countersign.Replay.Recordings;

/// <summary>The two files of a set, one JSON object a line.
/// <c>questions.jsonl</c>: <c>id</c>, <c>task</c>; <c>messages</c>, or <c>prompt</c>, or <c>question</c>; <c>tools</c> (one or a list); <c>reference</c>; <c>grade</c>.
/// <c>outcomes.jsonl</c>: <c>id</c>, <c>model</c>, <c>answer</c> (a text, or a list of <c>{name: arguments}</c>), <c>tokens_in</c>, <c>tokens_out</c>, <c>latency_s</c>, <c>correct</c>, <c>error_type</c>.</summary>
internal static class SetFile
{
    public const string Questions = "questions.jsonl";

    public const string Outcomes = "outcomes.jsonl";

    /// <summary>The rows of a file of a set.</summary>
    public static IEnumerable<JsonElement> Rows(string folder, string file)
    {
        foreach (string line in File.ReadLines(Path.Combine(folder, file)))
        {
            if (line.Length == 0) continue;
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    /// <summary>The questions of a set.</summary>
    public static IEnumerable<RecordedQuestion> ReadQuestions(string folder) => Rows(folder, Questions).Select(ReadQuestion);

    public static RecordedQuestion ReadQuestion(JsonElement row) => new(Text(row, "id"), Text(row, "task"), ReadMessages(row), ReadTools(row));

    public static RecordedAnswer ReadAnswer(JsonElement row)
    {
        var (text, calls) = ReadContent(row.GetProperty("answer"));
        TimeSpan? latency = row.TryGetProperty("latency_s", out var seconds) && seconds.ValueKind == JsonValueKind.Number ? TimeSpan.FromSeconds(seconds.GetDouble()) : null;
        return new RecordedAnswer(Text(row, "id"), Text(row, "model"), text, calls, row.GetProperty("tokens_in").GetInt32(), row.GetProperty("tokens_out").GetInt32(), latency);
    }

    /// <summary>A member's text; empty where there is none.</summary>
    public static string Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>A member's items: the list's, or the one value that stands in its place; none where it is missing or null.</summary>
    public static IReadOnlyList<JsonElement> Items(JsonElement row, string name)
    {
        if (!row.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null) return [];
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
    }

    private static List<(string Role, string Text)> ReadMessages(JsonElement row)
    {
        var messages = Items(row, "messages").Select(message => (Text(message, "role"), Text(message, "content"))).ToList();
        if (messages.Count > 0) return messages;
        string prompt = Text(row, "prompt");
        return [("user", prompt.Length > 0 ? prompt : Text(row, "question"))];
    }

    private static IReadOnlyList<JsonElement> ReadTools(JsonElement row) => Items(row, "tools");

    private static (string Text, IReadOnlyList<RecordedCall> Calls) ReadContent(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.String) return (answer.GetString()!, []);
        bool isCalls = answer.ValueKind == JsonValueKind.Array && answer.EnumerateArray().All(call => call.ValueKind == JsonValueKind.Object);
        return isCalls ? ("", [.. answer.EnumerateArray().Select(ReadCall)]) : (answer.GetRawText(), []);
    }

    private static RecordedCall ReadCall(JsonElement call)
    {
        var member = call.EnumerateObject().First();
        return new RecordedCall(member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText());
    }
}
