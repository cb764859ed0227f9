using Countersign.Engine.Cache;

namespace Countersign.Engine.Models;

/// <summary>Consecutive tokens of one sequence within a batch.</summary>
internal readonly record struct BatchRun(SequenceState Sequence, int Row, int Count, int Position);

/// <summary>The tokens of one step: runs of any number of sequences, and the rows whose logits are wanted.</summary>
internal sealed class StepBatch(int capacity)
{
    private readonly int[] tokens = new int[capacity];
    private readonly int[] positions = new int[capacity];

    public List<BatchRun> Runs { get; } = [];

    public List<int> OutputRows { get; } = [];

    public int Capacity => tokens.Length;

    public int Count { get; private set; }

    public ReadOnlySpan<int> Tokens => tokens.AsSpan(0, Count);

    public ReadOnlySpan<int> Positions => positions.AsSpan(0, Count);

    public void Clear()
    {
        Count = 0;
        Runs.Clear();
        OutputRows.Clear();
    }

    /// <summary>Adds tokens that continue a sequence at its length; the caller has reserved room for them.</summary>
    public void Add(SequenceState sequence, ReadOnlySpan<int> more)
    {
        Runs.Add(new BatchRun(sequence, Count, more.Length, sequence.Length));
        for (int i = 0; i < more.Length; i++)
        {
            tokens[Count] = more[i];
            positions[Count++] = sequence.Length + i;
        }
    }
}
