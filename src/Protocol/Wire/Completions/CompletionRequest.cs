using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Completions;

/// <summary>A request to <c>/v1/completions</c>: texts that are to be gone on with, or only looked at (<c>echo</c> with <c>logprobs</c>, as evaluation harnesses do).</summary>
public sealed record CompletionRequest
{
    /// <summary>The prompts, each as text or as token ids; never empty.</summary>
    public required IReadOnlyList<CompletionPrompt> Prompts { get; init; }

    /// <summary>The other settings, in the form of a chat without messages. <see cref="ChatRequest.MaxOutputTokens"/> is always set (16 where the caller set none), and may be 0.</summary>
    public required ChatRequest Settings { get; init; }

    /// <summary>Whether each answer begins with its prompt, log-probabilities included.</summary>
    public bool Echo { get; init; }

    /// <summary>Whether the tokenizer's begin token is put before a prompt that is given as text.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>The body, a JSON object.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The length of the body in bytes; no text has more tokens.</summary>
    public required int Length { get; init; }

    /// <summary>Reads a body.</summary>
    /// <exception cref="ProblemException">A field is missing, of the wrong type, or out of range; names the parameter.</exception>
    public static CompletionRequest Read(ReadOnlyMemory<byte> body) => CompletionRequestReader.Read(body.Span);
}

/// <summary>A prompt: as text, or as token ids of the model's own vocabulary.</summary>
/// <param name="Text">The text, or <c>null</c>.</param>
/// <param name="Tokens">The token ids, or <c>null</c>.</param>
public sealed record CompletionPrompt(string? Text, IReadOnlyList<int>? Tokens);
