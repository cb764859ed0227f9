using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Completions;

/// <summary>A choice of an answer to <c>/v1/completions</c>, or a piece of it.</summary>
/// <param name="Index">Which one: all choices of the first prompt, then those of the next.</param>
/// <param name="Text">The text, or more of it.</param>
/// <param name="Tokens">Its tokens with their log-probabilities; <c>null</c> where none are wanted.</param>
/// <param name="Offset">Where its text begins, in UTF-16 units from the beginning of the prompt and the text together.</param>
/// <param name="Reason">Why it ended; <c>null</c> while it has not.</param>
public sealed record CompletionChoice(int Index, string Text, IReadOnlyList<CompletionToken>? Tokens, int Offset, FinishReason? Reason);

/// <summary>A token of an answer.</summary>
/// <param name="Text">Its text; of one that is no whole character, its bytes as OpenAI writes them (<c>bytes:\xe2\x80</c>).</param>
/// <param name="Length">How many UTF-16 units of the text it makes up.</param>
/// <param name="Logprob">Natural logarithm of its probability; <c>null</c> for a prompt's first, before which nothing stands.</param>
/// <param name="Top">The most likely tokens at its place, itself among them.</param>
public sealed record CompletionToken(string Text, int Length, float? Logprob, IReadOnlyList<(string Text, float Logprob)> Top);

/// <summary>Writes answers to <c>/v1/completions</c>.</summary>
/// <param name="id">The answer's id.</param>
/// <param name="model">The model's name that the client sees.</param>
/// <param name="created">When it began.</param>
public sealed class CompletionAnswerWriter(string id, string model, DateTimeOffset created)
{
    /// <summary>Writes a whole answer.</summary>
    public void WriteWhole(IEnumerable<CompletionChoice> choices, Usage? usage, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        Write(json, choices, usage, withUsage: true);
    }

    /// <summary>Writes a frame of a stream.</summary>
    /// <param name="choices">What is new; empty for the frame that only counts.</param>
    /// <param name="usage">What was used, for that frame.</param>
    /// <param name="output">Takes the frame.</param>
    public void WriteFrame(IEnumerable<CompletionChoice> choices, Usage? usage, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, JsonOutput.Options)) Write(json, choices, usage, withUsage: usage is not null);
        output.Write("\n\n"u8);
    }

    /// <summary>Writes the frame that ends a stream.</summary>
    public static void WriteEnd(IBufferWriter<byte> output) => output.Write("data: [DONE]\n\n"u8);

    private void Write(Utf8JsonWriter json, IEnumerable<CompletionChoice> choices, Usage? usage, bool withUsage)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "text_completion"u8);
        json.WriteNumber("created"u8, created.ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
        json.WriteStartArray("choices"u8);
        foreach (var choice in choices) Write(json, choice);
        json.WriteEndArray();
        if (withUsage)
        {
            json.WritePropertyName("usage"u8);
            OpenAiUsage.WriteChat(json, usage);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CompletionChoice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice.Index);
        json.WriteString("text"u8, choice.Text);
        if (choice.Tokens is { } tokens) CompletionLogprobs.Write(json, tokens, choice.Offset);
        else json.WriteNull("logprobs"u8);
        if (choice.Reason is { } reason) json.WriteString("finish_reason"u8, reason == FinishReason.Length ? "length"u8 : "stop"u8);
        else json.WriteNull("finish_reason"u8);
        json.WriteEndObject();
    }
}
