using System.Text.Json;
using Countersign.Cascade.Answers;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary>Puts values into findings: short, and in words.</summary>
internal static class Words
{
    private const int MaxValue = 60, MaxChoices = 12;

    /// <summary>The kind of a value with its article.</summary>
    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    /// <summary>A type's name with its article.</summary>
    public static string TypeOf(string type) => type switch { "null" => "null", "object" or "array" or "integer" => $"an {type}", _ => $"a {type}" };

    /// <summary>The value itself, cut where it is long.</summary>
    public static string Value(JsonElement value)
    {
        string text = value.GetRawText();
        if (text.Contains('\n', StringComparison.Ordinal)) text = JsonAnswer.Canonical(value);
        return text.Length <= MaxValue ? text : $"{text[..MaxValue]}...";
    }

    /// <summary>A list of choices, cut where it is long.</summary>
    public static string Choices(IReadOnlyList<string> choices) =>
        choices.Count <= MaxChoices ? string.Join(", ", choices) : $"{string.Join(", ", choices.Take(MaxChoices))} and {choices.Count - MaxChoices} more";

    /// <summary>A quoted name.</summary>
    public static string Name(string name) => $"\"{name}\"";
}
