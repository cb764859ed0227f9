using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Writes an answer as OpenAI does: a chunk with the role first, the reason last, then, if asked for, the usage in a chunk without choices, then <c>[DONE]</c>.
/// Reasoning goes out as <c>reasoning_content</c>, which most clients of open models read and others pass over; where its maker seals it, as <see cref="ReasoningDetails"/> too.</summary>
internal sealed class OpenAiChatAnswerWriter(AnswerHead head) : AnswerWriter
{
    private readonly HashSet<int> begun = [];
    private readonly HashSet<(int Choice, int Call)> begunCalls = [];
    private readonly Dictionary<int, int> sealedThoughts = []; // By choice.
    private Utf8JsonWriter? writer;

    public override void WriteFrame(ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        switch (chatEvent)
        {
            case AnswerStarted: BeginChoice(0, output); break;
            case TextDelta e: WriteDelta(e.Choice, "content", e.Text, output); break;
            case ReasoningDelta e: WriteReasoning(e, output); break;
            case RefusalDelta e: WriteDelta(e.Choice, "refusal", e.Text, output); break;
            case ToolCallDelta e: WriteCall(e, output); break;
            case LogprobsDelta e: WriteLogprobs(e, output); break;
            case ChoiceFinished e: WriteFinish(e, output); break;
            case WireFrames e: output.Write(e.Bytes.Span); break;
        }
    }

    public override void WriteEnd(Usage? usage, IBufferWriter<byte> output)
    {
        if (head.Request.IncludeUsage && usage is not null)
        {
            var json = BeginChunk(output);
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            json.WritePropertyName("usage"u8);
            OpenAiUsage.WriteChat(json, usage);
            json.WriteEndObject();
            EndFrame(json, output);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    public override void WriteStreamProblem(Problem problem, IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        OpenAiProblem.Write(problem, output);
        output.Write("\n\n"u8);
    }

    public override void WriteWhole(ChatAnswer answer, Usage? usage, ReadOnlySpan<byte> countersign, IBufferWriter<byte> output)
    {
        var json = BeginObject("chat.completion"u8, output);
        json.WriteStartArray("choices"u8);
        foreach (var choice in answer.Choices) OpenAiChatWholeChoice.Write(json, choice);
        json.WriteEndArray();
        json.WritePropertyName("usage"u8);
        OpenAiUsage.WriteChat(json, usage);
        if (!countersign.IsEmpty)
        {
            json.WritePropertyName("countersign"u8);
            json.WriteRawValue(countersign, skipInputValidation: true);
        }

        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>OpenAI's word; a reason that is not known is a stop, for clients take an absent one for an answer that goes on.</summary>
    public static string WordOf(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        _ => "stop",
    };

    private void BeginChoice(int choice, IBufferWriter<byte> output)
    {
        if (!begun.Add(choice)) return;
        var json = BeginDelta(choice, output);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, ""u8);
        EndDelta(json, output);
    }

    private void WriteDelta(int choice, string field, string text, IBufferWriter<byte> output)
    {
        BeginChoice(choice, output);
        if (text.Length == 0) return;
        var json = BeginDelta(choice, output);
        json.WriteString(field, text);
        EndDelta(json, output);
    }

    private void WriteReasoning(ReasoningDelta delta, IBufferWriter<byte> output)
    {
        bool isSeal = delta.Signature is not null || delta.Redacted is not null;
        if (delta.Maker is null && !isSeal)
        {
            WriteDelta(delta.Choice, "reasoning_content", delta.Text, output);
            return;
        }

        BeginChoice(delta.Choice, output);
        var json = BeginDelta(delta.Choice, output);
        if (delta.Text.Length > 0) json.WriteString("reasoning_content"u8, delta.Text);
        int index = sealedThoughts.GetValueOrDefault(delta.Choice);
        json.WriteStartArray(ReasoningDetails.Field);
        ReasoningDetails.Write(json, new ReasoningPart(delta.Text, delta.Signature, delta.Redacted, delta.Maker), index);
        json.WriteEndArray();
        EndDelta(json, output);
        if (isSeal) sealedThoughts[delta.Choice] = index + 1;
    }

    private void WriteCall(ToolCallDelta delta, IBufferWriter<byte> output)
    {
        BeginChoice(delta.Choice, output);
        bool isFirst = begunCalls.Add((delta.Choice, delta.Index));
        var json = BeginDelta(delta.Choice, output);
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, delta.Index);
        if (isFirst)
        {
            json.WriteString("id"u8, delta.Id);
            json.WriteString("type"u8, "function"u8);
        }

        json.WriteStartObject("function"u8);
        if (isFirst) json.WriteString("name"u8, delta.Name);
        json.WriteString("arguments"u8, delta.Arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        EndDelta(json, output);
    }

    private void WriteLogprobs(LogprobsDelta delta, IBufferWriter<byte> output)
    {
        BeginChoice(delta.Choice, output);
        var json = BeginDelta(delta.Choice, output);
        json.WriteEndObject();
        json.WriteStartObject("logprobs"u8);
        json.WritePropertyName("content"u8);
        OpenAiLogprobs.Write(json, delta.Tokens);
        EndDelta(json, output);
    }

    private void WriteFinish(ChoiceFinished finish, IBufferWriter<byte> output)
    {
        BeginChoice(finish.Choice, output);
        EndDelta(BeginDelta(finish.Choice, output), output, WordOf(finish.Reason));
    }

    private Utf8JsonWriter BeginDelta(int choice, IBufferWriter<byte> output)
    {
        var json = BeginChunk(output);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("delta"u8);
        return json;
    }

    private void EndDelta(Utf8JsonWriter json, IBufferWriter<byte> output, string? finishReason = null)
    {
        json.WriteEndObject();
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (head.Request.IncludeUsage) json.WriteNull("usage"u8);
        json.WriteEndObject();
        EndFrame(json, output);
    }

    private Utf8JsonWriter BeginChunk(IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        return BeginObject("chat.completion.chunk"u8, output);
    }

    private Utf8JsonWriter BeginObject(ReadOnlySpan<byte> kind, IBufferWriter<byte> output)
    {
        var json = writer ??= new Utf8JsonWriter(output, JsonOutput.Options);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString("id"u8, head.RequestId);
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, head.Created.ToUnixTimeSeconds());
        json.WriteString("model"u8, head.Model);
        return json;
    }

    private static void EndFrame(Utf8JsonWriter json, IBufferWriter<byte> output)
    {
        json.Flush();
        output.Write("\n\n"u8);
    }
}
