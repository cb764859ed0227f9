using System.Buffers;
using System.Text;
using Countersign.Engine;
using Countersign.Gateway.Providers.Http;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Completions;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>Makes the answer to a request to <c>/v1/completions</c> of what the engine generates: frames of a stream, or a whole body at the end. Counts, as <see cref="GeneratedAnswer"/> does.</summary>
/// <param name="request">The request.</param>
/// <param name="prompts">Its prompts.</param>
/// <param name="writer">Writes the client's form.</param>
internal sealed class CompletionAnswer(CompletionRequest request, IReadOnlyList<CompletedPrompt> prompts, CompletionAnswerWriter writer)
{
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly SortedDictionary<int, WholeChoice> choices = [];
    private readonly Dictionary<(int Prompt, int Choice), long> outputTokens = [];
    private long inputTokens, cachedTokens;

    private Usage Used => new() { InputTokens = inputTokens, CachedInputTokens = cachedTokens, OutputTokens = outputTokens.Values.Sum() };

    /// <summary>What an event of one of the prompts makes.</summary>
    public IEnumerable<ChatEvent> EventsOf(int prompt, GenerationEvent happened)
    {
        Count(prompt, happened);
        yield return new WireFacts([new UsageReported(Used)]);
        CompletionChoice[] pieces = [.. prompts[prompt].PiecesOf(happened)];
        if (pieces is [{ Index: 0, Reason: { } reason }]) yield return new WireFacts([new Protocol.Chat.ChoiceFinished(0, reason)]);
        if (!request.Settings.Stream)
        {
            foreach (var piece in pieces) Keep(piece);
        }
        else if (pieces.Any(piece => piece.Text.Length > 0 || piece.Tokens is { Count: > 0 } || piece.Reason is not null))
        {
            output.ResetWrittenCount();
            writer.WriteFrame(pieces, null, output);
            yield return new WireFrames(output.WrittenMemory, IsLast: false);
        }
    }

    /// <summary>The end.</summary>
    public WireFrames End()
    {
        output.ResetWrittenCount();
        if (!request.Settings.Stream) writer.WriteWhole(choices.Select(pair => pair.Value.Of(pair.Key)), Used, output);
        else if (request.Settings.IncludeUsage) writer.WriteFrame([], Used, output);
        if (request.Settings.Stream) CompletionAnswerWriter.WriteEnd(output);
        return new WireFrames(output.WrittenMemory, IsLast: true);
    }

    private void Count(int prompt, GenerationEvent happened)
    {
        switch (happened)
        {
            case PromptEvaluated evaluated:
                inputTokens += evaluated.PromptTokens;
                cachedTokens += evaluated.CachedTokens;
                break;
            case TextGenerated { Token: not null } generated: outputTokens[(prompt, generated.Choice)] = outputTokens.GetValueOrDefault((prompt, generated.Choice)) + 1; break;
            case Countersign.Engine.ChoiceFinished finished: outputTokens[(prompt, finished.Choice)] = finished.OutputTokens; break;
        }
    }

    private void Keep(CompletionChoice piece)
    {
        if (!choices.TryGetValue(piece.Index, out var choice)) choices[piece.Index] = choice = new WholeChoice(piece.Offset);
        choice.Add(piece);
    }

    /// <summary>A choice in the making.</summary>
    private sealed class WholeChoice(int offset)
    {
        private readonly StringBuilder text = new();
        private List<CompletionToken>? tokens;
        private Protocol.Chat.FinishReason? reason;

        public void Add(CompletionChoice piece)
        {
            text.Append(piece.Text);
            if (piece.Tokens is { } more) (tokens ??= []).AddRange(more);
            reason = piece.Reason ?? reason;
        }

        public CompletionChoice Of(int index) => new(index, text.ToString(), tokens, offset, reason);
    }
}
