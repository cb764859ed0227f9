using System.Text;
using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>The kinds of output items that are made here.</summary>
internal enum OutputKind { Reasoning, Message, FunctionCall }

/// <summary>One item of a response's <c>output</c>, as far as it has come.</summary>
internal sealed class OutputItem(OutputKind kind, int index, string responseId)
{
    /// <summary>Its kind.</summary>
    public OutputKind Kind { get; } = kind;

    /// <summary>Its place in <c>output</c>.</summary>
    public int Index { get; } = index;

    /// <summary>Its id. The prefixes are demanded by OpenAI, which gets such items back in a conversation.</summary>
    public string Id { get; } = $"{(kind == OutputKind.Reasoning ? "rs" : kind == OutputKind.Message ? "msg" : "fc")}_{responseId}_{index}";

    /// <summary>The reasoning, or the call's arguments.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>A message's parts.</summary>
    public List<OutputPart> Parts { get; } = [];

    /// <summary>A call's id and name; the call of a message or reasoning is empty.</summary>
    public (string Id, string Name) Call { get; init; } = ("", "");

    /// <summary>The reasoning's seal: <c>encrypted_content</c>.</summary>
    public string? Seal { get; set; }

    /// <summary>Writes it as an object.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="status"><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</param>
    public void Write(Utf8JsonWriter json, string status)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        switch (Kind)
        {
            case OutputKind.Reasoning: WriteReasoning(json); break;
            case OutputKind.Message: WriteMessage(json, status); break;
            default: WriteCall(json, status); break;
        }

        json.WriteEndObject();
    }

    private void WriteReasoning(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        if (Text.Length > 0) WriteSummary(json, Text.ToString());
        json.WriteEndArray();
        if (Seal is not null) json.WriteString("encrypted_content"u8, Seal);
    }

    /// <summary>Writes a part of a reasoning's summary.</summary>
    public static void WriteSummary(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "summary_text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    private void WriteMessage(Utf8JsonWriter json, string status)
    {
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, status);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
        foreach (var part in Parts) part.Write(json);
        json.WriteEndArray();
    }

    private void WriteCall(Utf8JsonWriter json, string status)
    {
        json.WriteString("type"u8, "function_call"u8);
        json.WriteString("status"u8, status);
        json.WriteString("call_id"u8, Call.Id);
        json.WriteString("name"u8, Call.Name);
        json.WriteString("arguments"u8, Text.ToString());
    }
}

/// <summary>A part of a message: text, or a refusal.</summary>
internal sealed class OutputPart(bool isRefusal)
{
    /// <summary>Whether it is a refusal.</summary>
    public bool IsRefusal { get; } = isRefusal;

    /// <summary>What is said.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>Log-probabilities of the text's tokens; empty where there are none.</summary>
    public List<TokenLogprob> Logprobs { get; } = [];

    /// <summary>Writes it as an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (IsRefusal)
        {
            json.WriteString("type"u8, "refusal"u8);
            json.WriteString("refusal"u8, Text.ToString());
        }
        else
        {
            json.WriteString("type"u8, "output_text"u8);
            json.WriteString("text"u8, Text.ToString());
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
            json.WritePropertyName("logprobs"u8);
            OpenAiLogprobs.Write(json, Logprobs);
        }

        json.WriteEndObject();
    }
}
