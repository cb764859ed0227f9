namespace Countersign.Engine.Scheduling;

/// <summary>Sequences that wait for a place, in the order of their coming. The scheduler's thread alone uses it.</summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<Sequence> sequences = new();

    public int Count => sequences.Count;

    public void Add(Sequence sequence) => sequences.AddLast(sequence);

    /// <summary>Puts back one that had to give its memory up: it is the next.</summary>
    public void Return(Sequence sequence) => sequences.AddFirst(sequence);

    /// <summary>The next sequence: of the request with the fewest places now, so that one with many choices does not crowd out the others; the oldest of those.</summary>
    public Sequence? Take()
    {
        LinkedListNode<Sequence>? best = null;
        for (LinkedListNode<Sequence>? node = sequences.First; node is not null; node = node.Next)
        {
            if (node.Value.WaitsForSibling) continue;
            if (best is null || node.Value.Submission.Active < best.Value.Submission.Active) best = node;
        }

        if (best is null) return null;
        sequences.Remove(best);
        return best.Value;
    }

    /// <summary>Removes and returns those that nobody waits for.</summary>
    public void RemoveAll(Predicate<Sequence> match, Action<Sequence> removed)
    {
        for (LinkedListNode<Sequence>? node = sequences.First; node is not null;)
        {
            LinkedListNode<Sequence> current = node;
            node = node.Next;
            if (!match(current.Value)) continue;
            sequences.Remove(current);
            removed(current.Value);
        }
    }
}
