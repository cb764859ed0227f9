using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;
using Countersign.Protocol.Wire.OpenAiChat;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>Reads <c>instructions</c> and <c>input</c>. Neighbouring items of one answer (reasoning, text, calls) become one message, as everywhere else;
/// its <see cref="ChatMessage.Wire"/> is the array of those items. So do neighbouring tool results.</summary>
internal sealed class ResponsesInputReader
{
    private const string Reference = "item_reference";

    private readonly List<ChatMessage> messages = [];
    private readonly List<ContentPart> parts = [];
    private readonly List<JsonElement> items = [];
    private readonly OpenToolCalls open;
    private ChatRole role;

    /// <param name="refersElsewhere">Whether calls may stand in what is stored at the API's maker.</param>
    private ResponsesInputReader(bool refersElsewhere) => open = new OpenToolCalls("function calls", "items of type 'function_call_output'", refersElsewhere);

    /// <exception cref="ProblemException">An item is malformed, or calls and results do not match.</exception>
    public static List<ChatMessage> Read(WireObject body)
    {
        var reader = new ResponsesInputReader(RefersElsewhere(body));
        var instructions = body["instructions"];
        if (instructions.TextOrNull() is { } text) reader.messages.Add(ChatMessage.Of(ChatRole.System, text) with { Wire = instructions.Element });
        reader.ReadInput(body["input"]);
        return reader.messages;
    }

    private static bool RefersElsewhere(WireObject body) =>
        !body["previous_response_id"].IsMissing || !body["conversation"].IsMissing || !body["prompt"].IsMissing
        || body["input"] is { IsArray: true } input && input.Items().Any(item => item.IsObject && TypeOf(item.Object()) == Reference);

    private void ReadInput(WireValue input)
    {
        if (input.IsText)
        {
            messages.Add(ChatMessage.Of(ChatRole.User, input.Text()));
            return;
        }

        open.Begin("input");
        foreach (var item in input.Items()) ReadItem(item.Object());
        Close();
        open.CheckAnswered();
    }

    private void ReadItem(WireObject item)
    {
        string type = TypeOf(item);
        switch (type)
        {
            case "message": ReadMessage(item); break;
            case "reasoning": Add(ChatRole.Assistant, item, ReadReasoning(item)); break;
            case "function_call": Add(ChatRole.Assistant, item, ReadCall(item)); break;
            case "function_call_output": Add(ChatRole.Tool, item, ReadResult(item)); break;
            default: Add(ChatRole.Assistant, item, new OpaquePart(type, item.Element)); break;
        }
    }

    private static string TypeOf(WireObject item) => item["type"].TextOrNull() ?? (item["role"].IsMissing ? Reference : "message");

    private void ReadMessage(WireObject item)
    {
        var speaker = item["role"].Text() switch
        {
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "system" => ChatRole.System,
            "developer" => ChatRole.Developer,
            _ => throw item["role"].Wrong("'user', 'assistant', 'system' or 'developer'"),
        };
        var content = ReadContent(item["content"]);
        if (speaker == ChatRole.Assistant)
        {
            Add(speaker, item, [.. content]);
            return;
        }

        Close();
        messages.Add(new ChatMessage { Role = speaker, Parts = content, Wire = item.Element });
    }

    private static IReadOnlyList<ContentPart> ReadContent(WireValue value)
    {
        if (value.IsText) return [new TextPart(value.Text())];
        if (!value.IsArray) throw value.Wrong("a string or an array of parts");
        return [.. value.Items().Select(item => ReadPart(item.Object()))];
    }

    private static ContentPart ReadPart(WireObject part) => part["type"].Text() switch
    {
        "input_text" or "output_text" or "text" => new TextPart(part["text"].Text()),
        "refusal" => new RefusalPart(part["refusal"].Text()),
        "input_image" when part["image_url"].TextOrNull() is { } url => OpenAiChatContent.ImageOf(url, part["detail"].TextOrNull()),
        var type => new OpaquePart(type, part.Element),
    };

    private static ReasoningPart ReadReasoning(WireObject item)
    {
        string text = Join(item["content"]);
        return Seal.OpenAny(text.Length > 0 ? text : Join(item["summary"]), item["encrypted_content"].TextOrNull());

        static string Join(WireValue parts) => string.Join("\n\n", parts.Items().Select(part => part.Object()["text"].Text()));
    }

    private ToolCallPart ReadCall(WireObject item)
    {
        open.Add(item["call_id"]);
        return new ToolCallPart(new ToolCall(item["call_id"].Text(), item["name"].Text(), item["arguments"].Text()));
    }

    private ToolResultPart ReadResult(WireObject item)
    {
        open.Answer(item["call_id"]);
        return new ToolResultPart(item["call_id"].Text(), ReadContent(item["output"]));
    }

    private void Add(ChatRole speaker, WireObject item, params ReadOnlySpan<ContentPart> content)
    {
        if (items.Count > 0 && role != speaker) Close();
        role = speaker;
        items.Add(item.Element);
        parts.AddRange(content);
    }

    private void Close()
    {
        if (items.Count == 0) return;
        messages.Add(new ChatMessage { Role = role, Parts = [.. parts], Wire = items.Count == 1 ? items[0] : ArrayOf(items) });
        items.Clear();
        parts.Clear();
    }

    private static JsonElement ArrayOf(List<JsonElement> elements)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, JsonOutput.Options))
        {
            json.WriteStartArray();
            foreach (var element in elements) json.WriteRaw(element);
            json.WriteEndArray();
        }

        return JsonElement.Parse(output.WrittenSpan, new JsonDocumentOptions { MaxDepth = WireLimits.Depth + 1 });
    }
}
