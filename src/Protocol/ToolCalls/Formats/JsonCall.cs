using System.Text.Json;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>A call written as a JSON object.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">Its arguments as written: JSON text.</param>
/// <param name="Id">The call's id, where the model wrote one.</param>
internal sealed record JsonCall(string Name, string Arguments, string? Id)
{
    /// <summary>Reads <paramref name="json"/>; <c>null</c> with what is wrong where it is no call.</summary>
    public static JsonCall? Read(string json, JsonCallForm form, out string wrong)
    {
        wrong = "A tool call is no JSON object.";
        if (ArgumentsText.Parse(json) is not { ValueKind: JsonValueKind.Object } value) return null;
        return form == JsonCallForm.Keyed ? ReadKeyed(value, out wrong) : ReadNamed(value, out wrong);
    }

    private static JsonCall? ReadKeyed(JsonElement value, out string wrong)
    {
        wrong = "A tool call must be an object with the tool's name as its only key.";
        var members = value.EnumerateObject().Take(2).ToList();
        return members.Count == 1 ? new JsonCall(members[0].Name, TextOf(members[0].Value), null) : null;
    }

    private static JsonCall? ReadNamed(JsonElement value, out string wrong)
    {
        wrong = "A tool call has no name.";
        if (!IsOnce(value, "name") || value.GetProperty("name") is not { ValueKind: JsonValueKind.String } name || name.GetString()!.Length == 0) return null;
        wrong = $"The call of {name} has no arguments, or has them twice.";
        string key = value.TryGetProperty("arguments", out _) ? "arguments" : "parameters";
        if (!IsOnce(value, key)) return null;
        string? id = value.TryGetProperty("id", out var written) && written.ValueKind == JsonValueKind.String ? written.GetString() : null;
        return new JsonCall(name.GetString()!, TextOf(value.GetProperty(key)), string.IsNullOrEmpty(id) ? null : id);
    }

    private static bool IsOnce(JsonElement value, string key) => value.EnumerateObject().Count(member => member.NameEquals(key)) == 1;

    /// <summary>The arguments; a string that holds them (Granite 4) is not encoded twice.</summary>
    private static string TextOf(JsonElement arguments)
    {
        bool isPacked = arguments.ValueKind == JsonValueKind.String && ArgumentsText.Parse(arguments.GetString()!) is { ValueKind: JsonValueKind.Object };
        return isPacked ? arguments.GetString()! : arguments.GetRawText();
    }
}
