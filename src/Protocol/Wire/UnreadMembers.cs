using System.Collections.Frozen;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>Finds, within the objects of a request that are read into our form, members that have no place in it. An upstream of the same API gets them with the rest
/// of the caller's own words; elsewhere they are lost and must be named. Top-level fields are no matter of this: they are in <see cref="ChatRequest.Extra"/>.</summary>
public static class UnreadMembers
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Chat = Table(
        ("stream_options", "include_usage"),
        ("response_format", "type json_schema schema"),
        ("response_format.json_schema", "name description schema strict"),
        ("reasoning", "effort max_tokens enabled"),
        ("thinking", "type budget_tokens"),
        ("tools[]", "type function custom cache_control"),
        ("tools[].function", "name description parameters strict"),
        ("messages[]", "role content name tool_call_id tool_calls function_call refusal audio reasoning reasoning_content reasoning_details cache_control"),
        ("messages[].content[]", "type text refusal image_url cache_control"),
        ("messages[].content[].image_url", "url detail"),
        ("messages[].tool_calls[]", "id index type function"),
        ("messages[].tool_calls[].function", "name arguments"));

    private static readonly FrozenDictionary<string, FrozenSet<string>> Responses = Table(
        ("text", "format verbosity"),
        ("text.format", "type name description schema strict"),
        ("reasoning", "effort"),
        ("tools[]", "type name description parameters strict"),
        ("input[]", "type id status role content call_id name arguments output summary encrypted_content"),
        ("input[].content[]", "type text refusal image_url detail logprobs"),
        ("input[].output[]", "type text image_url detail"));

    private static readonly FrozenDictionary<string, FrozenSet<string>> Messages = Table(
        ("output_config", "effort format"),
        ("output_config.format", "type schema"),
        ("output_format", "type schema"),
        ("thinking", "type budget_tokens display"),
        ("tool_choice", "type name disable_parallel_tool_use"),
        ("tools[]", "type name description input_schema strict cache_control"),
        ("system[]", "type text cache_control"),
        ("messages[]", "role content"),
        ("messages[].content[]", "type text source id name input caller tool_use_id content is_error thinking signature data cache_control"),
        ("messages[].content[].source", "type media_type data url"),
        ("messages[].content[].content[]", "type text source cache_control"),
        ("messages[].content[].content[].source", "type media_type data url"));

    /// <summary>Their places (<c>tools[].input_examples</c>), each once, of which <see cref="WireWarnings.Most"/> are looked for. What is <c>null</c> or an empty list asks for nothing. Marks of prompt caches (<c>cache_control</c>)
    /// are not among them: whoever puts such marks names the caller's.</summary>
    public static IReadOnlyCollection<string> Of(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        if (request.Origin is not { Body: var body }) return found;
        var table = request.Api switch { WireApiKind.OpenAiChat => Chat, WireApiKind.OpenAiResponses => Responses, _ => Messages };
        foreach (var field in body.EnumerateObject()) Look(table, field.Name, field.Value, found);
        return found;
    }

    private static void Look(FrozenDictionary<string, FrozenSet<string>> table, string path, JsonElement value, SortedSet<string> found)
    {
        foreach (var item in value.Items()) Look(table, path + "[]", item, found);
        if (!value.IsObject() || !table.TryGetValue(path, out var known)) return;
        foreach (var member in value.EnumerateObject())
        {
            string place = $"{path}.{member.Name}";
            if (known.Contains(member.Name)) Look(table, place, member.Value, found);
            else if (found.Count < WireWarnings.Most && !AsksNothing(member.Value)) found.Add(place);
        }
    }

    private static bool AsksNothing(JsonElement value) => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    private static FrozenDictionary<string, FrozenSet<string>> Table(params ReadOnlySpan<(string Path, string Known)> rows)
    {
        var table = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal);
        foreach (var (path, known) in rows) table[path] = FrozenSet.ToFrozenSet(known.Split(' '));
        return table.ToFrozenDictionary();
    }
}
