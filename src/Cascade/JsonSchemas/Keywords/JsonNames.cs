using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary>Names of members as values, for schemas that judge names.</summary>
internal static class JsonNames
{
    /// <summary>The name as a JSON string.</summary>
    public static JsonElement ElementOf(string name)
    {
        using var document = JsonDocument.Parse($"\"{JsonEncodedText.Encode(name)}\"");
        return document.RootElement.Clone();
    }
}
