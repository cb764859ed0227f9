using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>The fields in which a server takes the thinking knob, as <see cref="AppliedThinking.Fields"/> has them. What else the caller wrote into the same objects stays.</summary>
internal static class ThinkingFields
{
    private const string Template = "chat_template_kwargs";

    /// <summary>Writes them.</summary>
    /// <param name="json">Takes them.</param>
    /// <param name="fields">What is to be said.</param>
    /// <param name="request">The request.</param>
    /// <param name="body">The request as the caller wrote it in this API; undefined where it came in another.</param>
    /// <param name="warnings">Takes what the caller wrote beside a knob that goes elsewhere now.</param>
    public static void Write(Utf8JsonWriter json, JsonObject fields, ChatRequest request, JsonElement body, ICollection<string> warnings)
    {
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            var given = name == Template ? request.Extra.GetValueOrDefault(name) : MemberOf(body, name);
            if (given.IsObject() && value is JsonObject told) WriteMerged(json, name, given, told);
            else value!.WriteTo(json);
        }

        WarnOfLeftOut(fields, body, warnings);
    }

    /// <summary>Whether a body of this API says just that already.</summary>
    public static bool AreIn(JsonElement body, JsonObject fields)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (ThinkingKnobs.IsKnob(field.Name) && !fields.ContainsKey(field.Name)) return false;
        }

        return fields.All(field => MemberOf(body, field.Key) is var given && (given.IsObject() && field.Value is JsonObject told ? Says(field.Key, given, told) : Same(field.Value, given)));
    }

    private static bool Says(string field, JsonElement given, JsonObject told) =>
        told.All(member => Same(member.Value, MemberOf(given, member.Key))) && given.EnumerateObject().All(member => !IsKnob(field, member) || told.ContainsKey(member.Name));

    private static void WriteMerged(Utf8JsonWriter json, string field, JsonElement given, JsonObject told)
    {
        json.WriteStartObject();
        foreach (var member in given.EnumerateObject())
        {
            if (!told.ContainsKey(member.Name) && !IsKnob(field, member)) json.WriteRaw(member.Name, member.Value);
        }

        foreach (var (name, value) in told)
        {
            json.WritePropertyName(name);
            value!.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void WarnOfLeftOut(JsonObject fields, JsonElement body, ICollection<string> warnings)
    {
        if (!body.IsObject()) return;
        foreach (var field in body.EnumerateObject())
        {
            if (!ThinkingKnobs.IsKnob(field.Name) || fields.ContainsKey(field.Name) || !field.Value.IsObject()) continue;
            foreach (var member in field.Value.EnumerateObject().Where(member => !IsKnob(field.Name, member))) warnings.Once($"{field.Name}.{member.Name}: thinking is said otherwise to this model's server; left out.");
        }
    }

    /// <summary>Whether a member of a field is what <see cref="ThinkingKnobs"/> read: switches of other families too.</summary>
    private static bool IsKnob(string field, JsonProperty member) => field switch
    {
        "reasoning" => member.Name is "effort" or "max_tokens" or "enabled",
        "thinking" => member.Name is "type" or "budget_tokens",
        _ => member is { Name: "enable_thinking" or "thinking", Value.ValueKind: JsonValueKind.True or JsonValueKind.False },
    };

    private static JsonElement MemberOf(JsonElement element, string name) => element.IsObject() && element.TryGetProperty(name, out var value) ? value : default;

    private static bool Same(JsonNode? told, JsonElement given) => given.ValueKind != JsonValueKind.Undefined && !given.IsObject() && JsonNode.DeepEquals(told, JsonValue.Create(given));
}
