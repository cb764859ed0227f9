using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>Writes a response, streamed or whole. Reasoning goes out as its summary, which is what clients of this API show. The API has one choice: events of
/// further ones are left out.</summary>
internal sealed class ResponsesAnswerWriter(AnswerHead head) : AnswerWriter
{
    private readonly NamedFrames frames = new();
    private readonly List<OutputItem> items = [], calls = [];
    private readonly List<TokenLogprob> earlyLogprobs = [];
    private OutputItem? open;
    private FinishReason reason = FinishReason.Unknown;
    private int sequence;
    private bool isPassedOn;

    /// <inheritdoc/>
    public override void WriteFrame(ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        switch (chatEvent)
        {
            case AnswerStarted: EnsureStarted(output); break;
            case TextDelta { Choice: 0 } e: WriteText(e.Text, isRefusal: false, output); break;
            case RefusalDelta { Choice: 0 } e: WriteText(e.Text, isRefusal: true, output); break;
            case ReasoningDelta { Choice: 0 } e: WriteReasoning(e, output); break;
            case ToolCallDelta { Choice: 0 } e: WriteCall(e, output); break;
            case LogprobsDelta { Choice: 0 } e: AddLogprobs(e.Tokens); break;
            case ChoiceFinished { Choice: 0 } e: reason = e.Reason; break;
            case WireFrames e: PassOn(e.Bytes.Span, output); break;
        }
    }

    /// <inheritdoc/>
    public override void WriteEnd(Usage? usage, IBufferWriter<byte> output)
    {
        if (isPassedOn) return;
        EnsureStarted(output);
        bool isComplete = ResponsesStatus.IncompleteReason(reason) is null;
        CloseItem(isComplete ? "completed" : "incomplete", output);
        WriteResponse(isComplete ? "response.completed"u8 : "response.incomplete"u8, reason, usage, output);
    }

    /// <inheritdoc/>
    public override void WriteStreamProblem(Problem problem, IBufferWriter<byte> output)
    {
        var json = Begin("error"u8, output);
        json.WriteString("code"u8, problem.Code ?? (problem.Kind == ProblemKind.RateLimited ? "rate_limit_exceeded" : "server_error"));
        json.WriteString("message"u8, problem.Message);
        json.WriteString("param"u8, problem.Param);
        frames.End(output);
    }

    /// <inheritdoc/>
    public override void WriteWhole(ChatAnswer answer, Usage? usage, ReadOnlySpan<byte> countersign, IBufferWriter<byte> output) =>
        ResponseJson.WriteWhole(head, answer, usage, countersign, output);

    /// <summary>Frames of another writer: an error that comes after them goes on with their numbers.</summary>
    private void PassOn(ReadOnlySpan<byte> passed, IBufferWriter<byte> output)
    {
        isPassedOn = true;
        output.Write(passed);
        int at = passed.LastIndexOf("\"sequence_number\":"u8);
        if (at >= 0 && Utf8Parser.TryParse(passed[(at + "\"sequence_number\":"u8.Length)..].TrimStart((byte)' '), out int last, out _)) sequence = last + 1;
    }

    private void EnsureStarted(IBufferWriter<byte> output)
    {
        if (sequence > 0) return;
        WriteResponse("response.created"u8, null, null, output);
        WriteResponse("response.in_progress"u8, null, null, output);
    }

    private void WriteResponse(ReadOnlySpan<byte> type, FinishReason? ended, Usage? usage, IBufferWriter<byte> output)
    {
        var json = Begin(type, output);
        json.WriteStartObject("response"u8);
        ResponseJson.WriteMembers(json, head, ended, items, usage);
        json.WriteEndObject();
        frames.End(output);
    }

    private void WriteText(string text, bool isRefusal, IBufferWriter<byte> output)
    {
        if (text.Length == 0) return;
        var item = open is { Kind: OutputKind.Message } ? open : OpenItem(OutputKind.Message, ("", ""), output);
        if (item.Parts.Count == 0 || item.Parts[^1].IsRefusal != isRefusal) OpenPart(item, isRefusal, output);
        item.Parts[^1].Text.Append(text);
        var json = BeginPart(isRefusal ? "response.refusal.delta"u8 : "response.output_text.delta"u8, item, output);
        json.WriteString("delta"u8, text);
        if (!isRefusal) WriteNoLogprobs(json);
        frames.End(output);
    }

    // They come apart from the text, so they are given with the whole of it: in output_text.done and everything after.
    private void AddLogprobs(IReadOnlyList<TokenLogprob> tokens)
    {
        if (open is { Kind: OutputKind.Message } && open.Parts is [.., { IsRefusal: false } part]) part.Logprobs.AddRange(tokens);
        else earlyLogprobs.AddRange(tokens);
    }

    private void WriteReasoning(ReasoningDelta delta, IBufferWriter<byte> output)
    {
        if (delta.Redacted is not null)
        {
            OpenItem(OutputKind.Reasoning, ("", ""), output).Seal = Held(delta);
            CloseItem("completed", output);
            return;
        }

        var item = open is { Kind: OutputKind.Reasoning } ? open : OpenItem(OutputKind.Reasoning, ("", ""), output);
        if (delta.Text.Length > 0) WriteSummary(item, delta.Text, output);
        if (delta.Signature is null) return;
        item.Seal = Held(delta);
        CloseItem("completed", output);
    }

    private static string? Held(ReasoningDelta delta) => Seal.CloseAny(delta.Signature, delta.Redacted, delta.Maker, Makers.OpenAi);

    private void WriteSummary(OutputItem item, string text, IBufferWriter<byte> output)
    {
        if (item.Text.Length == 0) WriteSummaryPart("response.reasoning_summary_part.added"u8, item, output);
        item.Text.Append(text);
        BeginSummary("response.reasoning_summary_text.delta"u8, item, output).WriteString("delta"u8, text);
        frames.End(output);
    }

    private void WriteCall(ToolCallDelta delta, IBufferWriter<byte> output)
    {
        while (calls.Count <= delta.Index) calls.Add(OpenItem(OutputKind.FunctionCall, (delta.Id ?? "", delta.Name ?? ""), output));
        if (delta.Arguments.Length == 0) return;
        var item = calls[delta.Index];
        item.Text.Append(delta.Arguments);
        BeginItem("response.function_call_arguments.delta"u8, item, output).WriteString("delta"u8, delta.Arguments);
        frames.End(output);
    }

    private OutputItem OpenItem(OutputKind kind, (string Id, string Name) call, IBufferWriter<byte> output)
    {
        EnsureStarted(output);
        CloseItem("completed", output);
        open = new OutputItem(kind, items.Count, head.RequestId) { Call = call };
        items.Add(open);
        WriteItem("response.output_item.added"u8, open, "in_progress", output);
        return open;
    }

    private void CloseItem(string status, IBufferWriter<byte> output)
    {
        if (open is not { } item) return;
        open = null;
        switch (item.Kind)
        {
            case OutputKind.Message: ClosePart(item, output); break;
            case OutputKind.Reasoning when item.Text.Length > 0: CloseSummary(item, output); break;
            case OutputKind.FunctionCall: CloseCall(item, output); break;
        }

        WriteItem("response.output_item.done"u8, item, status, output);
    }

    private void OpenPart(OutputItem item, bool isRefusal, IBufferWriter<byte> output)
    {
        if (item.Parts.Count > 0) ClosePart(item, output);
        item.Parts.Add(new OutputPart(isRefusal));
        WritePart("response.content_part.added"u8, item, output);
        if (isRefusal) return;
        item.Parts[^1].Logprobs.AddRange(earlyLogprobs);
        earlyLogprobs.Clear();
    }

    private void ClosePart(OutputItem item, IBufferWriter<byte> output)
    {
        var part = item.Parts[^1];
        var json = BeginPart(part.IsRefusal ? "response.refusal.done"u8 : "response.output_text.done"u8, item, output);
        json.WriteString(part.IsRefusal ? "refusal"u8 : "text"u8, part.Text.ToString());
        if (!part.IsRefusal)
        {
            json.WritePropertyName("logprobs"u8);
            OpenAiLogprobs.Write(json, part.Logprobs);
        }

        frames.End(output);
        WritePart("response.content_part.done"u8, item, output);
    }

    private void CloseSummary(OutputItem item, IBufferWriter<byte> output)
    {
        BeginSummary("response.reasoning_summary_text.done"u8, item, output).WriteString("text"u8, item.Text.ToString());
        frames.End(output);
        WriteSummaryPart("response.reasoning_summary_part.done"u8, item, output);
    }

    private void CloseCall(OutputItem item, IBufferWriter<byte> output)
    {
        var json = BeginItem("response.function_call_arguments.done"u8, item, output);
        json.WriteString("name"u8, item.Call.Name);
        json.WriteString("arguments"u8, item.Text.ToString());
        frames.End(output);
    }

    private void WriteItem(ReadOnlySpan<byte> type, OutputItem item, string status, IBufferWriter<byte> output)
    {
        var json = Begin(type, output);
        json.WriteNumber("output_index"u8, item.Index);
        json.WritePropertyName("item"u8);
        item.Write(json, status);
        frames.End(output);
    }

    private void WritePart(ReadOnlySpan<byte> type, OutputItem item, IBufferWriter<byte> output)
    {
        var json = BeginPart(type, item, output);
        json.WritePropertyName("part"u8);
        item.Parts[^1].Write(json);
        frames.End(output);
    }

    private void WriteSummaryPart(ReadOnlySpan<byte> type, OutputItem item, IBufferWriter<byte> output)
    {
        var json = BeginSummary(type, item, output);
        json.WritePropertyName("part"u8);
        OutputItem.WriteSummary(json, item.Text.ToString());
        frames.End(output);
    }

    private Utf8JsonWriter Begin(ReadOnlySpan<byte> type, IBufferWriter<byte> output)
    {
        var json = frames.Begin(type, output);
        json.WriteNumber("sequence_number"u8, sequence++);
        return json;
    }

    private Utf8JsonWriter BeginItem(ReadOnlySpan<byte> type, OutputItem item, IBufferWriter<byte> output)
    {
        var json = Begin(type, output);
        json.WriteString("item_id"u8, item.Id);
        json.WriteNumber("output_index"u8, item.Index);
        return json;
    }

    private Utf8JsonWriter BeginPart(ReadOnlySpan<byte> type, OutputItem item, IBufferWriter<byte> output)
    {
        var json = BeginItem(type, item, output);
        json.WriteNumber("content_index"u8, item.Parts.Count - 1);
        return json;
    }

    private Utf8JsonWriter BeginSummary(ReadOnlySpan<byte> type, OutputItem item, IBufferWriter<byte> output)
    {
        var json = BeginItem(type, item, output);
        json.WriteNumber("summary_index"u8, 0);
        return json;
    }

    private static void WriteNoLogprobs(Utf8JsonWriter json)
    {
        json.WriteStartArray("logprobs"u8);
        json.WriteEndArray();
    }
}
