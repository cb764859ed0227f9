using System.Text;
using System.Text.Json;

namespace Countersign.Cascade.Validators.Texts;

/// <summary>The texts that a JSON text holds, as whoever reads it gets them: <c>"caf\u00e9"</c> is café.</summary>
internal static class JsonTexts
{
    /// <summary>The names and texts in <paramref name="text"/>; none where it is no JSON, or writes nothing in another form.</summary>
    public static IReadOnlyList<string> In(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return [];
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text)); // as it goes out: half a surrogate pair becomes U+FFFD
            return [.. Of(document.RootElement).OfType<string>()];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static List<string?> Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [Read(value.GetString)],
        JsonValueKind.Array => [.. value.EnumerateArray().SelectMany(Of)],
        JsonValueKind.Object => [.. value.EnumerateObject().SelectMany(member => Of(member.Value).Prepend(Read(() => member.Name)))],
        _ => [],
    };

    private static string? Read(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException) // half of a surrogate pair, which nobody can read
        {
            return null;
        }
    }
}
