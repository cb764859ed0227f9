using System.Text.Json;
using System.Text.Unicode;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Json;

/// <summary>A JSON object of a request, whose fields are read by name.</summary>
internal sealed class WireObject
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = WireLimits.Depth, AllowDuplicateProperties = false };

    private readonly WireValue? origin;

    public WireObject(JsonElement element, WireValue? origin = null)
    {
        Element = element;
        this.origin = origin;
    }

    /// <summary>The object.</summary>
    public JsonElement Element { get; }

    /// <summary>Its place; empty for the body itself.</summary>
    public string Path => origin?.Path ?? "";

    /// <summary>The field <paramref name="name"/>, possibly missing.</summary>
    public WireValue this[string name] =>
        new(Element.TryGetProperty(name, out var value) ? value : default, this, name);

    /// <summary>Reads a body. A key that stands twice in one object is refused: what is judged here and what an upstream understands must be the same.</summary>
    /// <exception cref="ProblemException">It is no JSON object.</exception>
    public static WireObject Parse(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body)) throw JsonText.NotUtf8();
        try
        {
            var element = JsonElement.Parse(body, Options);
            return element.ValueKind == JsonValueKind.Object
                ? new WireObject(element)
                : throw ProblemException.Invalid("The body must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw JsonText.NotJson(e, ", has one key twice in an object");
        }
        catch (InvalidOperationException e)
        {
            throw KeyIsNoText(e);
        }
    }

    /// <summary>The fields that <paramref name="known"/> does not name.</summary>
    public Dictionary<string, JsonElement> Except(IReadOnlySet<string> known)
    {
        var rest = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in Element.EnumerateObject())
        {
            string name = NameOf(property);
            if (!known.Contains(name)) rest[name] = property.Value;
        }

        return rest;
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw KeyIsNoText(e);
        }
    }

    private static ProblemException KeyIsNoText(Exception cause) => new(new Problem(ProblemKind.InvalidRequest, "A key in the body is no valid Unicode."), cause);
}
