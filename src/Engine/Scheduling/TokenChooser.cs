using Countersign.Engine.Sampling;
using Countersign.Engine.Sampling.Grammar;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Scheduling;

/// <summary>Chooses the tokens of one answer: by its sampler, and within its grammar. Allocates nothing per token.</summary>
internal sealed class TokenChooser
{
    private readonly Sampler sampler;
    private readonly LateGrammar? grammar;
    private readonly Tokenizer tokenizer;

    /// <summary>At the beginning of one of a request's answers.</summary>
    public TokenChooser(GenerationRequest request, int choice, Candidates candidates, GrammarMasks? masks, Tokenizer tokenizer)
    {
        sampler = new Sampler(request.Sampling, candidates, choice);
        grammar = masks is null ? null : new LateGrammar(new GrammarMatcher(masks), request.GrammarAfter, request.GrammarWaitsIf);
        this.tokenizer = tokenizer;
        foreach (int token in request.Prompt) sampler.Accept(token);
    }

    /// <summary>Whether the grammar lets nothing follow.</summary>
    public bool IsOver => grammar is { IsOver: true };

    /// <summary>The next token. Where the first decides whether the grammar waits, it is drawn freely, and drawn again where the grammar does not.</summary>
    public int Draw(ReadOnlySpan<float> logits)
    {
        if (grammar is not { IsUndecided: true }) return sampler.Pick(logits, grammar?.Mask());
        int free = sampler.Pick(logits);
        return grammar.Decide(tokenizer.TokenBytes(free, special: true)) ? free : sampler.Pick(logits, grammar.Mask());
    }

    /// <summary>Goes on by a token that was drawn.</summary>
    public void Accept(int token)
    {
        sampler.Accept(token);
        if (grammar is not null && !tokenizer.IsEndOfGeneration(token)) grammar.Accept(tokenizer.TokenBytes(token, grammar.IsWaiting));
    }

    /// <summary>Goes on from where another chooser of the same answer stands: it would draw what that one will.</summary>
    public void Follow(TokenChooser other)
    {
        sampler.Follow(other.sampler);
        if (other.grammar is { } followed) grammar!.Follow(followed);
    }
}
