using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Reads an answer, streamed or whole: a whole one has <c>message</c> where a chunk has <c>delta</c>, and is otherwise read the same.</summary>
internal sealed class OpenAiChatAnswerReader(int asked) : AnswerReader
{
    private readonly Dictionary<int, OpenAiChatChoiceReader> choices = [];
    private string? id, model;
    private bool isDone;

    public override bool IsComplete => isDone || (choices.Count >= asked && choices.Values.All(choice => choice.IsFinished));

    public override void ReadFrame(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, ICollection<ChatEvent> events)
    {
        data = data.Trim(" \t\r\n"u8);
        if (isDone || data.IsEmpty) return;
        if (data.SequenceEqual("[DONE]"u8))
        {
            foreach (var choice in choices.Values) choice.Finish(events); // Some servers give no reason.
            isDone = true;
            return;
        }

        using var document = AnswerJson.Parse(data);
        if (eventType.SequenceEqual("error"u8)) throw new ProblemException(OpenAiProblem.Read(0, document.RootElement));
        Read(document.RootElement, isWhole: false, events);
    }

    public override void ReadWhole(ReadOnlySpan<byte> body, ICollection<ChatEvent> events)
    {
        using var document = AnswerJson.Parse(body);
        Read(document.RootElement, isWhole: true, events);
        if (choices.Count == 0) throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, "The upstream's answer has no choices."));
        isDone = true;
    }

    private void Read(JsonElement chunk, bool isWhole, ICollection<ChatEvent> events)
    {
        ThrowIfError(chunk);
        ReadHead(chunk, events);
        foreach (var choice in chunk.Items("choices"u8))
        {
            ThrowIfError(choice); // OpenRouter reports a provider's error in the choice.
            var reader = ReaderOf(choice);
            reader.Read(choice, events);
            if (isWhole) reader.Finish(events);
        }

        if (ReadUsage(chunk) is { } usage) events.Add(usage);
    }

    private void ReadHead(JsonElement chunk, ICollection<ChatEvent> events)
    {
        if (id is not null && model is not null) return;
        string? newId = id ?? chunk.Member("id"u8).SomeText(), newModel = model ?? chunk.Member("model"u8).SomeText();
        if (newId == id && newModel == model) return;
        (id, model) = (newId, newModel);
        events.Add(new AnswerStarted(id, model));
    }

    private OpenAiChatChoiceReader ReaderOf(JsonElement choice)
    {
        int index = choice.Member("index"u8).Count() is < WireLimits.Choices and var given ? (int)given : 0;
        if (!choices.TryGetValue(index, out var reader)) choices[index] = reader = new OpenAiChatChoiceReader(index);
        return reader;
    }

    /// <summary>Most put it beside the choices; Moonshot into the last choice, Groq into a field of its own.</summary>
    private static UsageReported? ReadUsage(JsonElement chunk)
    {
        if (OpenAiUsage.Report(chunk.Member("usage"u8), chunk.Member("timings"u8)) is { } usage) return usage;
        foreach (var choice in chunk.Items("choices"u8))
        {
            if (OpenAiUsage.Report(choice.Member("usage"u8)) is { } ofChoice) return ofChoice;
        }

        return OpenAiUsage.Report(chunk.Member("x_groq"u8).Member("usage"u8));
    }

    private static void ThrowIfError(JsonElement element)
    {
        bool isError = element.Member("error"u8).ValueKind is JsonValueKind.Object or JsonValueKind.String || element.String("object"u8) == "error";
        if (isError) throw new ProblemException(OpenAiProblem.Read(0, element));
    }
}
