using Countersign.Engine.Cache;
using Countersign.Engine.Models;

namespace Countersign.Engine.Scheduling;

/// <summary>Chooses what a step computes: a token of every answer in the making first, then prompts in pieces, each its equal share of the rows that are left.
/// The batch has room for one token of every sequence beside the longest text that must be computed in one piece, so that nothing waits for ever.
/// Memory comes from the prefix cache first, then from the youngest sequence, which starts again later.</summary>
internal sealed class StepPlanner(StepBatch batch, PrefixCache? prefixes, int promptRows, bool guesses, Drafter? drafter)
{
    private readonly int mostGuessed = (batch.Capacity / Drafter.MostAnswers) - 1;

    /// <summary>The sequences of the planned runs, in the batch's order, with the number of their first row of logits.</summary>
    public List<(Sequence Sequence, int FirstOutput)> Planned { get; } = [];

    /// <summary>Fills the batch. Sequences without memory for a next token are suspended by <paramref name="suspend"/>, which takes them from the list.</summary>
    public void Plan(List<Sequence> active, Action<Sequence> suspend)
    {
        batch.Clear();
        Planned.Clear();
        drafter?.Guess(active);
        for (int i = 0; i < active.Count; i++)
        {
            Sequence sequence = active[i];
            if (IsPrompt(sequence)) continue;
            while (active.Count > i && !TryReserve(sequence, 1)) suspend(active[^1]);
            if (active.Count > i) Add(sequence, 1 + GuessedOf(sequence, active.Count));
        }

        PlanPrompts(active);
        if (batch.Count > 0 || active.Count == 0) return;
        if (active.Count == 1) throw new InvalidOperationException("The cache has no room for one sequence.");
        suspend(active[^1]);
    }

    private int GuessedOf(Sequence sequence, int active)
    {
        int guessed = guesses && active <= Drafter.MostAnswers ? sequence.Guess(mostGuessed) : 0;
        return guessed > 0 && TryReserve(sequence, 1 + guessed) ? guessed : 0;
    }

    private static bool IsPrompt(Sequence sequence) => sequence.IsIndivisible || sequence.PendingTokens.Length > 1;

    private void PlanPrompts(List<Sequence> active)
    {
        int prompts = 0, rows = promptRows - batch.Count;
        foreach (Sequence sequence in active) prompts += IsPrompt(sequence) ? 1 : 0;
        foreach (Sequence sequence in active)
        {
            if (!IsPrompt(sequence)) continue;
            int pending = sequence.PendingTokens.Length, count = Math.Min(Math.Min(pending, sequence.LargestRun), Math.Max(rows / prompts--, KvCache.PageLength));
            if (sequence.IsIndivisible) count = pending;
            if (count > batch.Capacity - batch.Count || !TryReserve(sequence, count)) continue;
            Add(sequence, count);
            rows -= count;
        }
    }

    private bool TryReserve(Sequence sequence, int count) => prefixes?.TryReserve(sequence.State!, count) ?? sequence.State!.TryReserve(count);

    private void Add(Sequence sequence, int count)
    {
        int row = batch.Count, position = sequence.State!.Length, outputs = batch.OutputRows.Count;
        batch.Add(sequence.State, sequence.NextTokens(count));
        for (int output = Math.Max(position, sequence.FirstOutput); output < position + count; output++) batch.OutputRows.Add(row + output - position);
        Planned.Add((sequence, outputs));
    }
}
