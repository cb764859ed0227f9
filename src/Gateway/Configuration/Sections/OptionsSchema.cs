using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Configuration.Files;
using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>A validator's options: their JSON schema, made from the type that reads them, and the JSON that a file's values amount to under it.</summary>
internal static class OptionsSchema
{
    private static readonly JsonSchemaExporterOptions Exporting = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };

    private static readonly Shape<TimeSpan> OptionDuration = Scalars.Duration("1ms", "1h"); // What every validator allows.

    public static JsonObject Of(ValidatorKind kind) => kind.Options.GetJsonSchemaAsNode(Exporting) as JsonObject ?? [];

    /// <summary>The value as JSON. Scalars without quotes become numbers and switches where the schema does not ask for text.</summary>
    public static JsonNode? Read(ConfigNode node, JsonObject schema, ProblemList problems) => node switch
    {
        MapNode map => ReadMap(map, schema, problems),
        ListNode list => ReadList(list, schema, problems),
        _ => ReadScalar((ScalarNode)node, schema, problems),
    };

    private static JsonObject? ReadMap(MapNode map, JsonObject schema, ProblemList problems)
    {
        if (!Expect(map, schema, "object", problems)) return null;
        var known = schema["properties"] as JsonObject;
        var json = new JsonObject();
        foreach (MapEntry entry in map.Entries)
        {
            if (known is not null && known[entry.Key] is null && schema["additionalProperties"] is not JsonObject) ReportUnknown(entry, known, problems);
            else json[entry.Key] = Read(entry.Value, (known?[entry.Key] ?? schema["additionalProperties"]) as JsonObject ?? [], problems);
        }

        foreach (string required in Words(schema["required"]).Where(name => map.Get(name) is null)) problems.Add(map.Place, map.Path.Entry(required).Text, "This option is missing.", $"Add it: {known?[required]?["description"] ?? required}");
        return json;
    }

    private static JsonArray? ReadList(ListNode list, JsonObject schema, ProblemList problems)
    {
        if (!Expect(list, schema, "array", problems)) return null;
        JsonObject items = schema["items"] as JsonObject ?? [];
        return new JsonArray([.. list.Items.Select(item => Read(item, items, problems))]);
    }

    private static JsonNode? ReadScalar(ScalarNode scalar, JsonObject schema, ProblemList problems)
    {
        if (scalar.IsNull) return null;
        if (schema["pattern"]?.GetValue<string>() == Durations.Pattern) return ReadDuration(scalar, problems);
        if (schema["enum"] is JsonArray words) return ReadWord(scalar, words, problems);
        JsonNode value = scalar.IsPlain && !IsOnlyText(schema) ? Typed(scalar.Text) : scalar.Text;
        Expect(scalar, schema, NameOf(value), problems);
        return value;
    }

    private static JsonValue? ReadDuration(ScalarNode scalar, ProblemList problems) =>
        OptionDuration.TryRead(scalar, problems, out TimeSpan duration) ? JsonValue.Create(duration.ToString("c", CultureInfo.InvariantCulture)) : null;

    private static JsonValue ReadWord(ScalarNode scalar, JsonArray words, ProblemList problems)
    {
        string[] known = [.. Words(words)];
        if (!known.Contains(scalar.Text)) problems.Add(scalar, $"Found {Found.In(scalar)}, which is not possible here.", DidYouMean.Remedy(scalar.Text, known, "Possible"));
        return JsonValue.Create(scalar.Text);
    }

    private static JsonNode Typed(string text)
    {
        if (text is "true" or "false") return text == "true";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)) return whole;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : text;
    }

    private static bool Expect(ConfigNode node, JsonObject schema, string type, ProblemList problems)
    {
        string[] allowed = [.. Words(schema["type"]).Where(word => word != "null")];
        if (allowed.Length == 0 || allowed.Contains(type) || (type == "integer" && allowed.Contains("number"))) return true;
        problems.Add(node, $"Found {Found.In(node)}, but this is of type {string.Join(" or ", allowed)}.", $"Write {(schema["description"] is { } description ? $"it so: {description}" : $"a value of type {allowed[0]}.")}");
        return false;
    }

    private static void ReportUnknown(MapEntry entry, JsonObject known, ProblemList problems) => problems.Add(
        entry.Place, entry.Value.Path.Text, $"There is no option \"{entry.Key}\" here.", DidYouMean.Remedy(entry.Key, known.Select(pair => pair.Key), "Known here"));

    private static bool IsOnlyText(JsonObject schema) => Words(schema["type"]).Where(word => word != "null").ToArray() is ["string"];

    private static string NameOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.AsValue().TryGetValue(out long _) ? "integer" : "number",
        _ => "string",
    };

    private static IEnumerable<string> Words(JsonNode? node) => node switch
    {
        JsonArray array => array.Where(item => item is not null && item.GetValueKind() == JsonValueKind.String).Select(item => item!.GetValue<string>()),
        JsonValue value => [value.GetValue<string>()],
        _ => [],
    };

    /// <summary>Adds the property's <see cref="DescriptionAttribute"/>, and our way of writing durations.</summary>
    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if ((Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type) == typeof(TimeSpan)) schema = OptionDuration.Schema();

        var description = context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).OfType<DescriptionAttribute>().FirstOrDefault();
        if (schema is JsonObject group && description is not null) group["description"] = description.Description;
        if (schema is JsonObject closed && closed["properties"] is not null) closed["additionalProperties"] ??= false;
        return schema;
    }
}
