using System.Text.Json;

namespace Countersign.Protocol.ToolCalls.Scanning;

/// <summary>Looks at arguments as a model wrote them.</summary>
internal static class ArgumentsText
{
    private const int MaxDepth = 256;
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The JSON value that <paramref name="text"/> is; <c>null</c> where it is none.</summary>
    public static JsonElement? Parse(string text) => Parse(text, Lenient);

    /// <summary>Whether an object in the text, JSON otherwise, has a key twice.</summary>
    public static bool HasDuplicates(string text) => Parse(text, Strict) is null && Parse(text) is not null;

    /// <summary>Whether every bracket and string of the text is closed.</summary>
    public static bool IsWhole(string text)
    {
        if (text.Length == 0 || text[0] is not ('{' or '[')) return Parse(text) is not null;
        var span = new NestedSpan("\"");
        span.Read(text);
        return span.IsClosed;
    }

    private static JsonElement? Parse(string text, JsonDocumentOptions options)
    {
        try
        {
            using var document = JsonDocument.Parse(text, options);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            return null; // A lone half of a surrogate pair has no UTF-8.
        }
    }
}
