namespace Countersign.Engine.Sampling.Grammar;

/// <summary>One answer on its way through a grammar.</summary>
internal sealed class GrammarMatcher(GrammarMasks masks)
{
    private GrammarState? _state;

    private GrammarState State => _state ??= masks.Machine.Start();

    /// <summary>Whether the answer is complete and nothing may be added.</summary>
    public bool IsOver => State.Positions.Length == 0;

    /// <summary>Goes on from where another answer under the same grammar stands.</summary>
    public void Follow(GrammarMatcher other) => _state = other._state;

    /// <summary>The tokens that may come next.</summary>
    /// <exception cref="EngineException">There are none: the vocabulary lacks the characters that the grammar asks for.</exception>
    public TokenMask Mask()
    {
        TokenMask mask = masks.Of(State);
        return mask.IsEmpty ? throw GrammarLimits.Invalid("The grammar asks for characters that no token of this model writes.") : mask;
    }

    /// <summary>Goes on by the bytes of a token that the mask allows.</summary>
    public void Accept(ReadOnlySpan<byte> bytes)
    {
        GrammarState state = State;
        foreach (byte value in bytes) state = masks.Machine.Step(state, value);
        _state = state.IsDead ? throw new InvalidOperationException("A token was chosen that the grammar forbids.") : state;
    }
}
