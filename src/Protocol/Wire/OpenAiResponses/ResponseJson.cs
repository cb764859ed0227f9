using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>Writes the response object: whole, or as it stands within a stream.</summary>
internal static class ResponseJson
{
    /// <summary>The request's fields that a response repeats, with what stands there where the request has none (raw JSON).</summary>
    private static readonly (byte[] Name, string Absent)[] Echoed =
    [
        ([.. "instructions"u8], "null"), ([.. "max_output_tokens"u8], "null"), ([.. "metadata"u8], "{}"), ([.. "parallel_tool_calls"u8], "true"),
        ([.. "reasoning"u8], """{"effort":null,"summary":null}"""), ([.. "temperature"u8], "null"), ([.. "text"u8], """{"format":{"type":"text"}}"""),
        ([.. "tool_choice"u8], "\"auto\""), ([.. "tools"u8], "[]"), ([.. "top_p"u8], "null"), ([.. "truncation"u8], "\"disabled\""), ([.. "user"u8], "null"),
    ];

    /// <summary>A whole answer.</summary>
    public static void WriteWhole(AnswerHead head, ChatAnswer answer, Usage? usage, ReadOnlySpan<byte> countersign, IBufferWriter<byte> output)
    {
        var choice = answer.Choices.Count > 0 ? answer.Choices[0] : new ChatChoice { Index = 0 };
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        WriteMembers(json, head, choice.FinishReason, ItemsOf(head, choice), usage);
        if (!countersign.IsEmpty)
        {
            json.WritePropertyName("countersign"u8);
            json.WriteRawValue(countersign, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    /// <summary>The members of the object.</summary>
    /// <param name="json">Takes them.</param>
    /// <param name="head">The answer's head.</param>
    /// <param name="reason">Why it ended, or <c>null</c> while it goes on.</param>
    /// <param name="items">The output so far; only written once it has ended.</param>
    /// <param name="usage">What was counted.</param>
    public static void WriteMembers(Utf8JsonWriter json, AnswerHead head, FinishReason? reason, IReadOnlyList<OutputItem> items, Usage? usage)
    {
        string? incomplete = reason is { } known ? ResponsesStatus.IncompleteReason(known) : null;
        json.WriteString("id"u8, head.RequestId);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, head.Created.ToUnixTimeSeconds());
        json.WriteString("status"u8, reason is null ? "in_progress" : incomplete is null ? "completed" : "incomplete");
        json.WriteBoolean("background"u8, false);
        json.WriteNull("error"u8);
        WriteIncomplete(json, incomplete);
        json.WriteString("model"u8, head.Model);
        WriteOutput(json, reason is null ? [] : items, incomplete is not null);
        json.WriteNull("previous_response_id"u8);
        json.WriteBoolean("store"u8, false);
        WriteEchoed(json, head.Request.Origin?.Body ?? default);
        ResponsesUsage.Write(json, usage);
    }

    private static void WriteIncomplete(Utf8JsonWriter json, string? reason)
    {
        if (reason is null)
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }

        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, reason);
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, IReadOnlyList<OutputItem> items, bool isIncomplete)
    {
        json.WriteStartArray("output"u8);
        for (int i = 0; i < items.Count; i++) items[i].Write(json, isIncomplete && i == items.Count - 1 ? "incomplete" : "completed");
        json.WriteEndArray();
    }

    private static void WriteEchoed(Utf8JsonWriter json, JsonElement body)
    {
        foreach (var (name, absent) in Echoed)
        {
            json.WritePropertyName(name);
            if (body.Member(name) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value) json.WriteRaw(value);
            else json.WriteRawValue(absent, skipInputValidation: true);
        }
    }

    private static List<OutputItem> ItemsOf(AnswerHead head, ChatChoice choice)
    {
        List<OutputItem> items = [];
        foreach (var part in choice.Parts)
        {
            bool goesOn = part is TextPart or RefusalPart && items is [.., { Kind: OutputKind.Message }];
            if (!goesOn) items.Add(new OutputItem(KindOf(part), items.Count, head.RequestId) { Call = part is ToolCallPart { Call: var call } ? (call.Id, call.Name) : ("", "") });
            Fill(items[^1], part);
        }

        // They come for the whole of the text.
        if (choice.Logprobs is { } logprobs) items.SelectMany(item => item.Parts).FirstOrDefault(part => !part.IsRefusal)?.Logprobs.AddRange(logprobs);
        return items;
    }

    private static OutputKind KindOf(ContentPart part) => part switch { ReasoningPart => OutputKind.Reasoning, ToolCallPart => OutputKind.FunctionCall, _ => OutputKind.Message };

    private static void Fill(OutputItem item, ContentPart part)
    {
        switch (part)
        {
            case ReasoningPart thought:
                item.Text.Append(thought.Text);
                item.Seal = Seal.CloseAny(thought.Signature, thought.Redacted, thought.Maker, Makers.OpenAi);
                break;
            case ToolCallPart { Call: var call }:
                item.Text.Append(call.Arguments);
                break;
            default:
                var said = new OutputPart(isRefusal: part is RefusalPart);
                said.Text.Append((part as TextPart)?.Text ?? ((RefusalPart)part).Text);
                item.Parts.Add(said);
                break;
        }
    }
}
