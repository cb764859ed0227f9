using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>The tool calls of the last assistant message that have no result yet.</summary>
/// <param name="calls">What the API calls them.</param>
/// <param name="results">What it wants their results to be.</param>
/// <param name="refersElsewhere">Whether calls may stand where this gateway does not look.</param>
internal sealed class OpenToolCalls(string calls, string results, bool refersElsewhere = false)
{
    private readonly HashSet<string> open = new(StringComparer.Ordinal), answered = new(StringComparer.Ordinal);
    private string path = "";

    public void Begin(string assistantPath)
    {
        open.Clear();
        answered.Clear();
        path = assistantPath;
    }

    public void Add(WireValue id)
    {
        if (string.IsNullOrEmpty(id.TextOrNull())) throw id.Wrong("the call's id");
        if (!open.Add(id.Text())) throw ProblemException.Invalid($"'{id.Path}' has the id of another call in the same message.", id.Path);
    }

    public void Answer(WireValue id)
    {
        string name = id.Text();
        if (open.Remove(name))
        {
            answered.Add(name);
            return;
        }

        if (refersElsewhere && answered.Add(name)) return;
        throw ProblemException.Invalid(
            answered.Contains(name)
                ? $"'{id.Path}' answers a tool call that has its result already."
                : $"'{id.Path}' answers no tool call of the assistant message before it.",
            id.Path);
    }

    public void CheckAnswered()
    {
        if (open.Count == 0) return;
        throw ProblemException.Invalid($"'{path}' has {calls} without results: {results} must follow for {string.Join(", ", open.Take(5))}.", path);
    }
}
