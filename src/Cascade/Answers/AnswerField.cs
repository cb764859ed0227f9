using System.Text.Json;

namespace Countersign.Cascade.Answers;

/// <summary>Finds a field in an answer that is JSON, or nearly.</summary>
internal static class AnswerField
{
    /// <summary>The field's text (a string's content, else its JSON); all of <paramref name="text"/> where <paramref name="field"/> is <c>null</c>.
    /// Where the JSON around it is beyond mending, the last member of that name still counts. <c>null</c> where there is none.</summary>
    public static string? Read(string text, string? field)
    {
        if (field is null) return text;
        if (NearJson.Read(text).Value is not { } root) return ReadLastMember(text, field);
        return Find(root, field) is { } value ? TextOf(value) : null;
    }

    /// <summary>The value at a dotted path below <paramref name="root"/>.</summary>
    public static JsonElement? Find(JsonElement root, string path)
    {
        var value = root;
        foreach (string name in path.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return null;
        }

        return value;
    }

    /// <summary>A string's content, or a value's JSON.</summary>
    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string? ReadLastMember(string text, string field)
    {
        string name = field[(field.LastIndexOf('.') + 1)..];
        int start = text.LastIndexOf($"\"{name}\"", StringComparison.Ordinal);
        if (start < 0) return null;
        return NearJson.Read($"{{{text.AsSpan(start)}").Value is { } root && root.TryGetProperty(name, out var value) ? TextOf(value) : null;
    }
}
