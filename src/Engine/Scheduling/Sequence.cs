using Countersign.Engine.Cache;
using Countersign.Engine.Models;

namespace Countersign.Engine.Scheduling;

/// <summary>Tokens that are to be computed in order. What is known but not computed is pending: a whole prompt at first, one token while generating,
/// and everything again after the sequence had to give its memory back.</summary>
internal abstract class Sequence(Submission submission, int capacity) : IDisposable
{
    private readonly int[] tokens = new int[capacity];

    public Submission Submission => submission;

    /// <summary>Memory of the computed tokens; null while waiting.</summary>
    public SequenceState? State { get; private set; }

    /// <summary>Known tokens.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<int> Tokens => tokens.AsSpan(0, Count);

    public ReadOnlySpan<int> PendingTokens => Tokens[State!.Length..];

    /// <summary>The next tokens to compute: pending ones, and behind them those that <see cref="Guess"/> wrote.</summary>
    public ReadOnlySpan<int> NextTokens(int count) => tokens.AsSpan(State!.Length, count);

    public bool IsFinished { get; protected set; }

    /// <summary>Whether all pending tokens have to be computed in one step.</summary>
    public virtual bool IsIndivisible => false;

    /// <summary>Most tokens of a step.</summary>
    public virtual int LargestRun => int.MaxValue;

    /// <summary>Position of the first token whose logits are wanted; <see cref="int.MaxValue"/> is none.</summary>
    public virtual int FirstOutput => Count - 1;

    /// <summary>Whether it must wait, so as to find its prompt computed by a sibling.</summary>
    public virtual bool WaitsForSibling => false;

    /// <summary>Whether pages that others computed may be taken over.</summary>
    public virtual bool MayReuse => true;

    /// <summary>Told how many tokens were taken over.</summary>
    public virtual void Reused(int count)
    {
    }

    /// <summary>Writes guesses behind the known tokens, at most so many, and says how many.</summary>
    public virtual int Guess(int most) => 0;

    /// <summary>How many tokens of the last step were guesses, and how many of these held.</summary>
    public (int Guessed, int Held) LastGuess { get; protected set; }

    public void Begin(SequenceState state) => State = state;

    /// <summary>Gives the memory back; all tokens are pending again.</summary>
    public virtual void Suspend()
    {
        State?.Dispose();
        State = null;
    }

    /// <summary>Takes the results of a step. <paramref name="firstOutput"/> is the number of the run's first row of logits.</summary>
    public abstract void Receive(Transformer model, BatchRun run, int firstOutput);

    public void Dispose() => Suspend();

    /// <summary>Writes a guess behind the known tokens.</summary>
    public void PutGuess(int index, int token) => tokens[Count + index] = token;

    /// <summary>Copies known tokens behind the known ones, one by one, so that the copy may go on with itself.</summary>
    protected void CopyBehind(int start, int count)
    {
        for (int i = 0; i < count; i++) tokens[Count + i] = tokens[start + i];
    }

    protected int TokenAt(int position) => tokens[position];

    protected void Append(int token) => tokens[Count++] = token;

    protected void Append(IReadOnlyList<int> more)
    {
        foreach (int token in more) Append(token);
    }
}
