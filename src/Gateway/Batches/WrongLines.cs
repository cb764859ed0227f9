using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Batches;

/// <summary>What is wrong with an input: the first lines of it in words, the others counted.</summary>
internal sealed class WrongLines
{
    private const int MostTold = 20;

    private readonly List<string> told = [];
    private int count;

    /// <summary>One more.</summary>
    public void Add(string what)
    {
        if (++count <= MostTold) told.Add(what);
    }

    /// <exception cref="ProblemException">There is one.</exception>
    public void ThrowIfAny()
    {
        if (count == 0) return;
        if (count > told.Count) told.Add($"And {count - told.Count} more.");
        throw ProblemException.Invalid($"{string.Join('\n', told)}\nA line is a chat request, or {{\"custom_id\": ..., \"body\": a chat request}}. Nothing was asked.", "input");
    }
}
