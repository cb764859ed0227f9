using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>The fields in which a server takes the thinking knob, as <see cref="AppliedThinking.Fields"/> has them.</summary>
internal static class ThinkingFields
{
    private const string Template = "chat_template_kwargs";

    /// <summary>Writes them. What else the caller gave to the chat template stays.</summary>
    public static void Write(Utf8JsonWriter json, JsonObject fields, ChatRequest request)
    {
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            if (name == Template && request.Extra.TryGetValue(name, out var given) && given.IsObject()) WriteMerged(json, given, value!.AsObject());
            else value!.WriteTo(json);
        }
    }

    /// <summary>Whether a body of this API says just that already.</summary>
    public static bool AreIn(JsonElement body, JsonObject fields)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (ThinkingKnobs.IsKnob(field.Name) && !fields.ContainsKey(field.Name)) return false;
        }

        return fields.All(field => body.TryGetProperty(field.Key, out var value) && JsonNode.DeepEquals(field.Value, NodeOf(value)));
    }

    private static void WriteMerged(Utf8JsonWriter json, JsonElement given, JsonObject fields)
    {
        json.WriteStartObject();
        foreach (var argument in given.EnumerateObject())
        {
            if (!fields.ContainsKey(argument.Name) && !IsSwitch(argument)) json.WriteRaw(argument.Name, argument.Value);
        }

        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            value!.WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>A switch of another family, already understood.</summary>
    private static bool IsSwitch(JsonProperty argument) =>
        argument is { Name: "enable_thinking" or "thinking", Value.ValueKind: JsonValueKind.True or JsonValueKind.False };

    private static JsonNode? NodeOf(JsonElement value) => value.ValueKind == JsonValueKind.Object ? JsonObject.Create(value) : JsonValue.Create(value);
}
