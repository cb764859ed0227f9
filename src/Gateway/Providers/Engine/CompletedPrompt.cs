using System.Text;
using Countersign.Engine;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Completions;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>One prompt of a request to <c>/v1/completions</c>, and what the engine makes of it: the pieces of its choices.</summary>
internal sealed class CompletedPrompt
{
    private const int ReplacementLength = 1; // U+FFFD, for bytes that are no character.

    private readonly EngineModel engine;
    private readonly CompletionRequest request;
    private readonly Decoder[] decoders;
    private readonly int[] offsets;
    private readonly int first;
    private readonly bool addsBegin;
    private readonly string text;

    /// <param name="engine">The model.</param>
    /// <param name="request">The request.</param>
    /// <param name="index">The prompt's index.</param>
    public CompletedPrompt(EngineModel engine, CompletionRequest request, int index)
    {
        (this.engine, this.request, first) = (engine, request, index * request.Settings.ChoiceCount);
        var prompt = request.Prompts[index];
        Tokens = prompt.Tokens ?? engine.Tokenize(prompt.Text!, request.AddSpecialTokens, parseSpecial: true);
        addsBegin = prompt.Text is { } written && engine.Info.Bos is { } bos && Tokens.Count > 0 && Tokens[0] == bos.Id && !written.StartsWith(bos.Text, StringComparison.Ordinal);
        text = prompt.Text ?? Encoding.UTF8.GetString([.. Tokens.SelectMany(token => engine.TokenBytes(token, includeSpecial: true))]);
        decoders = [.. Enumerable.Range(0, request.Settings.ChoiceCount).Select(_ => Encoding.UTF8.GetDecoder())];
        offsets = [.. decoders.Select(_ => text.Length)];
    }

    /// <summary>The prompt in tokens.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>What an event of the engine adds to the choices.</summary>
    public IEnumerable<CompletionChoice> PiecesOf(GenerationEvent happened) => happened switch
    {
        PromptEvaluated evaluated when request.Echo => Enumerable.Range(0, decoders.Length).Select(choice => new CompletionChoice(first + choice, text, PromptTokens(evaluated), 0, null)),
        TextGenerated generated => [Piece(generated)],
        Countersign.Engine.ChoiceFinished finished => [new CompletionChoice(first + finished.Choice, "", NoTokens, offsets[finished.Choice], GeneratedAnswer.ReasonOf(finished.Reason))],
        _ => [],
    };

    private CompletionToken[]? NoTokens => request.Settings.Logprobs ? [] : null;

    private CompletionChoice Piece(TextGenerated generated)
    {
        int offset = offsets[generated.Choice];
        CompletionToken[]? tokens = generated.Logprob is { } score ? [Scored(score.Id, score, decoders[generated.Choice])] : NoTokens;
        offsets[generated.Choice] += tokens?.Sum(token => token.Length) ?? 0;
        return new CompletionChoice(first + generated.Choice, generated.Text, tokens, offset, null);
    }

    private CompletionToken[]? PromptTokens(PromptEvaluated evaluated)
    {
        if (evaluated.Logprobs is not { } scores) return NoTokens;
        var decoder = Encoding.UTF8.GetDecoder();
        return [.. Tokens.Select((token, i) => Scored(token, scores[i], decoder) is var scored && i == 0 && addsBegin ? scored with { Length = 0 } : scored)];
    }

    private CompletionToken Scored(int token, ScoredToken? score, Decoder decoder)
    {
        byte[] bytes = engine.TokenBytes(token, includeSpecial: true);
        int length = decoder.GetCharCount(bytes, flush: false);
        decoder.GetChars(bytes, new char[Math.Max(length, ReplacementLength)], flush: false);
        IEnumerable<(string, float)> top = score is null ? [] : score.Top.Select(other => (TextOf(other.Id), other.Logprob));
        return new CompletionToken(TextOf(token), length, score?.Logprob, score is null ? [] : [(TextOf(token), score.Logprob), .. top]);
    }

    private string TextOf(int token)
    {
        byte[] bytes = engine.TokenBytes(token, includeSpecial: true);
        string read = Encoding.UTF8.GetString(bytes);
        return read.Contains('\uFFFD') ? "bytes:" + string.Concat(bytes.Select(value => $"\\x{value:x2}")) : read;
    }
}
