using System.Text;
using System.Text.Json;

namespace Countersign.Load.Bench;

/// <summary>A request's body and the one right answer to it.</summary>
internal sealed record Question(byte[] Body, Func<ReadOnlySpan<byte>, bool> IsRight)
{
    private const string System = "You are the support assistant of a company that ships spare parts. Answer in plain English, name the order where there is one, promise no date that the data does not "
        + "show, and hand over to a person where the customer wants more than 200 euros back. Keep every answer below 120 words. If you are not sure, say so and ask one short question back.";

    private static readonly string[] Turns =
    [
        "Hello, my order 5128-K was due on Monday and the tracking page has shown the same line for three days. The parcel holds the seals of a pump, so a whole line stands still. Our "
            + "customer number is 71-4402 and the invoice was paid on the 3rd. I called the carrier twice and was told to wait. Where is it, and what should I do now?",
        "I am sorry about the delay of order 5128-K. Its last scan was in the Leipzig hub on Saturday at 21:14. I have asked the carrier to trace it, which usually takes one working day. "
            + "Would a courier with a replacement set of seals help you meanwhile?",
        "Yes. Please look whether the set (part no. 41-310-F) is in stock, what a courier to 04109 would cost today, and write me a summary for our plant manager, with the dates and what "
            + "has been promised so far. \"Urgent\" is fine as the subject.",
    ];

    public static Question Chat(string model) => new(Json(model, static _ => { }), static body => body.SequenceEqual(ConstantAnswers.Whole));

    public static Question Tools(string model) => new(Json(model, WriteTools), static body => body.SequenceEqual(ConstantAnswers.Whole));

    public static Question Streamed(string model) => new(Json(model, static json => json.WriteBoolean("stream", true)), static body => body.SequenceEqual(ConstantAnswers.Frames));

    public static Question Gated(string model) => new(Json(model, WriteSchemaAndTool), HasStructuredContent);

    private static bool HasStructuredContent(ReadOnlySpan<byte> body)
    {
        using var answer = JsonDocument.Parse(body.ToArray());
        var choice = answer.RootElement.GetProperty("choices")[0];
        return choice.GetProperty("finish_reason").ValueEquals("stop"u8) && choice.GetProperty("message").GetProperty("content").ValueEquals(ConstantAnswers.Structured);
    }

    private static byte[] Json(string model, Action<Utf8JsonWriter> more)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteStartArray("messages");
            WriteMessage(json, "system", System);
            for (int i = 0; i < Turns.Length; i++) WriteMessage(json, i % 2 == 0 ? "user" : "assistant", Turns[i]);
            json.WriteEndArray();
            json.WriteNumber("temperature", 0.2);
            json.WriteNumber("max_tokens", 256);
            more(json);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json)
    {
        json.WriteStartArray("tools");
        for (int tool = 0; tool < 12; tool++)
        {
            var properties = new StringBuilder();
            for (int field = 0; field < 8; field++)
            {
                string type = (field % 4) switch { 0 => "string", 1 => "integer", 2 => "number", _ => "boolean" };
                properties.Append($$"""{{(field == 0 ? "" : ",")}}"field_{{tool}}_{{field}}":{"type":"{{type}}","description":"What is known of the shipment in this respect, number {{field}} of tool {{tool}}, as on the consignment note; left out where unknown."}""");
            }

            json.WriteRawValue($$$$"""{"type":"function","function":{"name":"shipment_tool_{{{{tool}}}}","description":"Looks up or changes one thing of a shipment; only where the user asked for it.","parameters":{"type":"object","properties":{{{{{properties}}}}},"required":["field_{{{{tool}}}}_0"],"additionalProperties":false}}}""");
        }

        json.WriteEndArray();
        json.WriteString("tool_choice", "auto");
    }

    private static void WriteSchemaAndTool(Utf8JsonWriter json)
    {
        json.WritePropertyName("response_format");
        json.WriteRawValue("""{"type":"json_schema","json_schema":{"name":"order","schema":{"type":"object","properties":{"order":{"type":"string","pattern":"^[0-9]{4}-[A-Z]$"},"parts":{"type":"array","items":{"type":"string"}},"total":{"type":"number","minimum":0}},"required":["order","parts","total"],"additionalProperties":false}}}""");
        json.WritePropertyName("tools");
        json.WriteRawValue("""[{"type":"function","function":{"name":"find_order","parameters":{"type":"object","properties":{"order":{"type":"string"}},"required":["order"]}}}]""");
    }
}
