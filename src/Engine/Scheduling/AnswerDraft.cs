using Countersign.Engine.Cache;

namespace Countersign.Engine.Scheduling;

/// <summary>What a draft model remembers of one answer, and the guess that it made last.</summary>
/// <param name="chooser">Draws the guesses; follows the answer's own.</param>
/// <param name="pace">How long guesses are.</param>
internal sealed class AnswerDraft(TokenChooser chooser, GuessPace pace) : IDisposable
{
    public TokenChooser Chooser => chooser;

    public GuessPace Pace => pace;

    /// <summary>The draft model's memory of the computed tokens; null before its first guess.</summary>
    public SequenceState? State { get; set; }

    /// <summary>Tokens of the guess that is being made.</summary>
    public int Wanted { get; set; }

    /// <summary>Tokens of it so far.</summary>
    public int Count { get; set; }

    /// <summary>Whether the guess has all its tokens, or the answer's grammar lets nothing follow.</summary>
    public bool IsComplete => Count == Wanted || chooser.IsOver;

    /// <summary>Whether the draft model can say nothing about this answer.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>Forgets guesses: only so many tokens are known to be the answer's.</summary>
    public void Keep(int known)
    {
        Count = 0;
        if (State is not null && State.Length > known) State.Truncate(known);
    }

    /// <summary>The next token of a guess; null where the draft model's numbers are none, or none of its tokens may come, which ends its guesses for this answer.</summary>
    public int? Next(ReadOnlySpan<float> logits)
    {
        try
        {
            int token = chooser.Draw(logits);
            chooser.Accept(token);
            return token;
        }
        catch (Exception exception) when (exception is InvalidDataException or EngineException)
        {
            HasGivenUp = true;
            return null;
        }
    }

    /// <summary>Makes no further guesses, and gives the memory back.</summary>
    public void GiveUp()
    {
        HasGivenUp = true;
        Dispose();
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        State?.Dispose();
        State = null;
        Count = 0;
    }
}
