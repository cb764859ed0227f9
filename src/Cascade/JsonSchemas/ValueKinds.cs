using System.Text.Json;
using Countersign.Cascade.JsonSchemas.Keywords;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>Judges a value by its first characters.</summary>
internal static class ValueKinds
{
    /// <summary>The kind of value that begins with a character; <c>null</c> where none does. True stands for both booleans.</summary>
    public static JsonValueKind? Of(char first) => first switch
    {
        '{' => JsonValueKind.Object,
        '[' => JsonValueKind.Array,
        '"' => JsonValueKind.String,
        't' or 'f' => JsonValueKind.True,
        'n' => JsonValueKind.Null,
        '-' or (>= '0' and <= '9') => JsonValueKind.Number,
        _ => null,
    };

    /// <summary>Why no value of that kind fits; <c>null</c> where one may.</summary>
    public static (string Keyword, string Message)? Misfit(JsonValueKind kind, IReadOnlyList<SchemaNode> nodes)
    {
        foreach (var keyword in nodes.SelectMany(node => node.Keywords))
        {
            if (keyword is TypeKeyword type && !type.Types.Any(name => Allows(name, kind))) return (type.Name, $"must be {string.Join(" or ", type.Types.Select(Words.TypeOf))}, but is {Name(kind)}");
            if (ChoicesOf(keyword) is { } choices && !choices.Any(choice => Same(choice.ValueKind, kind))) return (keyword.Name, $"must be one of {Words.Choices([.. choices.Select(Words.Value)])}, but is {Name(kind)}");
        }

        return null;
    }

    /// <summary>Whether a value must be one of some choices.</summary>
    public static bool HaveChoices(IReadOnlyList<SchemaNode> nodes) => nodes.Any(node => node.Keywords.Any(keyword => ChoicesOf(keyword) is not null));

    /// <summary>Why no text that begins so fits; <c>null</c> where one may.</summary>
    public static string? NoChoiceBegins(string content, IReadOnlyList<SchemaNode> nodes)
    {
        foreach (var keyword in nodes.SelectMany(node => node.Keywords))
        {
            if (ChoicesOf(keyword) is not { } choices) continue;
            bool mayBe = choices.Any(choice => choice.ValueKind == JsonValueKind.String && choice.GetString()!.StartsWith(content, StringComparison.Ordinal));
            if (!mayBe) return $"must be one of {Words.Choices([.. choices.Select(Words.Value)])}, but begins with \"{content}\"";
        }

        return null;
    }

    private static IReadOnlyList<JsonElement>? ChoicesOf(Keyword keyword) => keyword switch
    {
        EnumKeyword choices => choices.Values,
        ConstKeyword only => [only.Value],
        _ => null,
    };

    private static bool Same(JsonValueKind kind, JsonValueKind seen) => kind == seen || (kind == JsonValueKind.False && seen == JsonValueKind.True);

    private static bool Allows(string type, JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Null => type == "null",
        JsonValueKind.Number => type is "number" or "integer",
        _ => type == "boolean",
    };

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => "a number",
        _ => "a boolean",
    };
}
