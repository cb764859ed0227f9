using System.Globalization;
using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>The fields of a request that OpenAI's API does not have and the engine does, by llama-server's names. What is left over at the end has no effect here.</summary>
/// <param name="fields">The fields by name.</param>
/// <param name="readElsewhere">Names of those that something else reads.</param>
internal sealed class ExtraFields(IReadOnlyDictionary<string, JsonElement> fields, params IEnumerable<string> readElsewhere)
{
    private readonly HashSet<string> read = [.. readElsewhere];

    /// <summary>The fields that nobody asked for.</summary>
    public IEnumerable<string> Unread => fields.Where(pair => !read.Contains(pair.Key) && pair.Value.ValueKind != JsonValueKind.Null).Select(pair => pair.Key);

    /// <summary>A number, or <c>null</c>.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public float? Number(params ReadOnlySpan<string> names)
    {
        if (Find(names) is not { } found) return null;
        return found.Value.ValueKind == JsonValueKind.Number && found.Value.TryGetSingle(out float number) && float.IsFinite(number) ? number : throw Wrong(found.Name, "a number");
    }

    /// <summary>A whole number, or <c>null</c>.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public int? Integer(params ReadOnlySpan<string> names)
    {
        if (Find(names) is not { } found) return null;
        return found.Value.ValueKind == JsonValueKind.Number && found.Value.TryGetInt32(out int number) ? number : throw Wrong(found.Name, "a whole number");
    }

    /// <summary>True or false; <c>false</c> where it is missing.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public bool Flag(string name)
    {
        if (Find([name]) is not { } found) return false;
        return found.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? found.Value.GetBoolean() : throw Wrong(name, "true or false");
    }

    /// <summary>A text that is not empty, or <c>null</c>.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public string? Text(string name)
    {
        if (Find([name]) is not { } found) return null;
        if (found.Value.ValueKind != JsonValueKind.String) throw Wrong(name, "a text");
        return found.Value.GetString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>A JSON schema (an object, true or false) as it was written, or <c>null</c>.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public string? Schema(string name)
    {
        if (Find([name]) is not { } found) return null;
        return found.Value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False ? found.Value.GetRawText() : throw Wrong(name, "a JSON schema");
    }

    /// <summary>Numbers by token id, as in OpenAI's <c>logit_bias</c>; <c>-100</c> and below forbid a token.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public IReadOnlyDictionary<int, float> Biases(string name)
    {
        if (Find([name]) is not { } found) return new Dictionary<int, float>();
        if (found.Value.ValueKind != JsonValueKind.Object) throw Wrong(name, "an object of numbers by token id");
        return found.Value.EnumerateObject().ToDictionary(pair => TokenOf(name, pair.Name), pair => BiasOf($"{name}.{pair.Name}", pair.Value));
    }

    private static int TokenOf(string name, string token) => int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : throw Wrong(name, "an object of numbers by token id");

    private static float BiasOf(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float bias) && float.IsFinite(bias) ? bias <= -100 ? float.NegativeInfinity : bias : throw Wrong(name, "a number");

    private (string Name, JsonElement Value)? Find(ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (fields.TryGetValue(name, out var value) && read.Add(name) && value.ValueKind != JsonValueKind.Null) return (name, value);
        }

        return null;
    }

    private static ProblemException Wrong(string name, string what) => ProblemException.Invalid($"'{name}' must be {what}.", name);
}
