using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Replay.Recordings;

namespace Countersign.Replay.Scoring;

/// <summary>Grades tool calls by a reference in the form of the Berkeley Function Calling Leaderboard: for each argument the values that are right; an empty text among them makes the argument optional.
/// Calls may come in any order. See <see href="https://github.com/ShishirPatil/gorilla/tree/main/berkeley-function-call-leaderboard">its AST checker</see>; this is our own reading of the same rules.</summary>
internal static partial class ReferenceCalls
{
    /// <summary>Whether the calls are what the reference demands, no more and no less.</summary>
    public static bool Match(IReadOnlyList<RecordedCall> calls, IReadOnlyList<JsonElement> reference, IReadOnlyList<JsonElement> tools)
    {
        var expected = reference.SelectMany(item => item.EnumerateObject()).ToList();
        if (calls.Count != expected.Count) return false;
        var left = calls.ToList();
        foreach (var call in expected)
        {
            int index = left.FindIndex(made => Fits(made, call, tools));
            if (index < 0) return false;
            left.RemoveAt(index);
        }

        return true;
    }

    private static bool Fits(RecordedCall call, JsonProperty expected, IReadOnlyList<JsonElement> tools)
    {
        var tool = tools.FirstOrDefault(tool => Plain(SetFile.Text(tool, "name")) == Plain(call.Name));
        if (!IsMeant(call.Name, expected.Name, tools) || Parse(call.Arguments) is not { ValueKind: JsonValueKind.Object } arguments) return false;
        var schemas = Member(Member(tool, "parameters"), "properties");
        foreach (var argument in arguments.EnumerateObject())
        {
            var schema = Member(schemas, argument.Name);
            if (!expected.Value.TryGetProperty(argument.Name, out var allowed) || !allowed.EnumerateArray().Any(value => IsSame(argument.Value, value, schema, isNested: false))) return false;
        }

        return expected.Value.EnumerateObject().All(argument => arguments.TryGetProperty(argument.Name, out _) || argument.Value.EnumerateArray().Any(IsEmptyText));
    }

    /// <summary>Where there is one tool, it is meant, whatever the reference calls it. In some references the second call of a tool f is named f_2.</summary>
    private static bool IsMeant(string called, string expected, IReadOnlyList<JsonElement> tools)
    {
        if (tools.Count == 1) return Plain(called) == Plain(SetFile.Text(tools[0], "name"));
        return Plain(called) == Plain(expected) || Plain(called) == Plain(Copy().Replace(expected, ""));
    }

    private static bool IsSame(JsonElement value, JsonElement allowed, JsonElement? schema, bool isNested) => (value.ValueKind, allowed.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => value.GetDouble() == allowed.GetDouble() && HasType(value, allowed, schema, isNested),
        (JsonValueKind.String, JsonValueKind.String) => Folded(value) == Folded(allowed),
        (JsonValueKind.Array, JsonValueKind.Array) => value.GetArrayLength() == allowed.GetArrayLength() && value.EnumerateArray().Zip(allowed.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second, Member(schema, "items"), isNested: true)),
        (JsonValueKind.Object, JsonValueKind.Object) => HasSameMembers(value, allowed),
        _ => JsonElement.DeepEquals(value, allowed),
    };

    /// <summary>The leaderboard's rule for numbers: 1.0 is no integer (unless the reference itself has a fraction there), and within an array 1 is no float.</summary>
    private static bool HasType(JsonElement value, JsonElement allowed, JsonElement? schema, bool isNested) => Member(schema, "type")?.GetString() switch
    {
        "integer" => IsWhole(value) || !IsWhole(allowed),
        "float" => !isNested || !IsWhole(value) || IsWhole(allowed),
        _ => true,
    };

    private static bool IsWhole(JsonElement number) => number.TryGetInt64(out _);

    /// <summary>An object in a reference lists the right values of each member, as the arguments themselves do.</summary>
    private static bool HasSameMembers(JsonElement value, JsonElement allowed) =>
        value.EnumerateObject().All(member => allowed.TryGetProperty(member.Name, out var right) && Choices(right).Any(choice => IsSame(member.Value, choice, null, isNested: true))) &&
        allowed.EnumerateObject().All(member => value.TryGetProperty(member.Name, out _) || Choices(member.Value).Any(IsEmptyText));

    private static List<JsonElement> Choices(JsonElement right) => right.ValueKind == JsonValueKind.Array ? [.. right.EnumerateArray()] : [right];

    private static bool IsEmptyText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0;

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } node && node.TryGetProperty(name, out var member) ? member : null;

    private static JsonElement? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Plain(string name) => name.Replace('.', '_');

    /// <summary>A text as it is compared: without case, blanks and the punctuation that does not tell answers apart.</summary>
    private static string Folded(JsonElement text) => Punctuation().Replace(text.GetString()!, "").ToLowerInvariant().Replace('\'', '"');

    [GeneratedRegex("[_ ][0-9]+$")]
    private static partial Regex Copy();

    [GeneratedRegex(@"[ ,./\-_*^]")]
    private static partial Regex Punctuation();
}
