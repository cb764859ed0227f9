using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Completions;

/// <summary>Reads an answer of OpenAI's completions API (<c>choices</c> with <c>text</c>) or of llama-server's own (<c>content</c>), streamed or whole.
/// Its text is raw: reasoning and tool calls stand in it.</summary>
/// <param name="asked">How many choices were asked for, of all prompts together.</param>
public sealed class CompletionAnswerReader(int asked) : AnswerReader
{
    private readonly Dictionary<int, bool> finished = [];
    private bool hasStarted, isDone;

    /// <inheritdoc/>
    public override bool IsComplete => isDone || (finished.Count >= asked && finished.Values.All(isFinished => isFinished));

    /// <inheritdoc/>
    public override void ReadFrame(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, ICollection<ChatEvent> events)
    {
        data = data.Trim(" \t\r\n"u8);
        if (isDone || data.IsEmpty) return;
        if (data.SequenceEqual("[DONE]"u8))
        {
            End(events);
            return;
        }

        using var document = AnswerJson.Parse(data);
        if (eventType.SequenceEqual("error"u8)) throw new ProblemException(OpenAiProblem.Read(0, document.RootElement));
        Read(document.RootElement, events);
    }

    /// <inheritdoc/>
    public override void ReadWhole(ReadOnlySpan<byte> body, ICollection<ChatEvent> events)
    {
        using var document = AnswerJson.Parse(body);
        Read(document.RootElement, events);
        if (finished.Count == 0) throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, "The upstream's answer has no text.", Code: "answer_malformed"));
        End(events);
    }

    private void End(ICollection<ChatEvent> events)
    {
        foreach (int choice in finished.Keys.ToList()) Finish(choice, FinishReason.Unknown, null, events);
        isDone = true;
    }

    private void Read(JsonElement chunk, ICollection<ChatEvent> events)
    {
        if (chunk.Member("error"u8).ValueKind is JsonValueKind.Object or JsonValueKind.String) throw new ProblemException(OpenAiProblem.Read(0, chunk));
        if (!hasStarted) events.Add(new AnswerStarted(chunk.Member("id"u8).SomeText(), chunk.Member("model"u8).SomeText()));
        hasStarted = true;
        foreach (var choice in chunk.Items("choices"u8)) ReadChoice(choice, events);
        if (chunk.Member("content"u8).Text() is { } content) ReadLlama(chunk, content, events);
        if (OpenAiUsage.Report(chunk.Member("usage"u8), chunk.Member("timings"u8)) is { } usage) events.Add(usage);
    }

    private void ReadChoice(JsonElement choice, ICollection<ChatEvent> events)
    {
        int index = choice.Member("index"u8).Count() is { } given && given < Math.Max(asked, WireLimits.Choices) ? (int)given : 0;
        finished.TryAdd(index, false);
        if (choice.Member("text"u8).SomeText() is { } text) events.Add(new TextDelta(index, text));
        if (CompletionLogprobs.Read(choice.Member("logprobs"u8)) is { Count: > 0 } tokens) events.Add(new LogprobsDelta(index, tokens));
        if (choice.Member("finish_reason"u8).SomeText() is { } reason) Finish(index, ReasonOf(reason), choice.Member("stop_reason"u8).SomeText(), events);
    }

    /// <summary>llama-server's own form has one choice, and counts in its last chunk.</summary>
    private void ReadLlama(JsonElement chunk, string content, ICollection<ChatEvent> events)
    {
        finished.TryAdd(0, false);
        if (content.Length > 0) events.Add(new TextDelta(0, content));
        if (OpenAiLogprobs.Read(chunk.Member("completion_probabilities"u8)) is { Count: > 0 } tokens) events.Add(new LogprobsDelta(0, tokens));
        if (chunk.Member("stop"u8).ValueKind != JsonValueKind.True) return;
        Finish(0, chunk.String("stop_type"u8) == "limit" ? FinishReason.Length : FinishReason.Stop, chunk.Member("stopping_word"u8).SomeText(), events);
        long? input = chunk.Member("tokens_evaluated"u8).Count(), output = chunk.Member("tokens_predicted"u8).Count();
        if (input is not null || output is not null) events.Add(new UsageReported(new Usage { InputTokens = input, CachedInputTokens = chunk.Member("timings"u8).Member("cache_n"u8).Count(), OutputTokens = output }));
    }

    private void Finish(int choice, FinishReason reason, string? stop, ICollection<ChatEvent> events)
    {
        if (finished[choice]) return;
        finished[choice] = true;
        events.Add(new ChoiceFinished(choice, reason, stop));
    }

    private static FinishReason ReasonOf(string word) => word switch
    {
        "stop" => FinishReason.Stop,
        "length" => FinishReason.Length,
        "content_filter" => FinishReason.ContentFilter,
        _ => FinishReason.Unknown,
    };
}
