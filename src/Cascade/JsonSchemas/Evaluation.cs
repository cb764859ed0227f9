using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>One check of one value: the place, the dynamic scope, what was found, and the limits. Not thread-safe.</summary>
/// <param name="findings">Takes what is wrong; <c>null</c> where only yes or no is asked.</param>
internal sealed class Evaluation(List<SchemaFinding>? findings)
{
    private const int MaxDepth = 400, MaxSteps = 300_000, MaxFindings = 50;

    private readonly List<SchemaResource> scope = [];
    private readonly List<string> path = [];
    private int depth, steps;

    /// <summary>What was found; <c>null</c> where nobody asks.</summary>
    public List<SchemaFinding>? Findings { get; private set; } = findings;

    /// <summary>The resources entered, outermost first.</summary>
    public IReadOnlyList<SchemaResource> Scope => scope;

    /// <summary>Whether <paramref name="instance"/> fits <paramref name="node"/>; what it evaluated is added to <paramref name="evaluated"/> where it does.</summary>
    public bool Check(SchemaNode node, JsonElement instance, Evaluated? evaluated)
    {
        if (node.IsFalse) return Fail("false schema", "must not be there");
        if (++depth > MaxDepth) throw new SchemaLimitException("The schema refers to itself without end, or the value is nested too deeply.");
        if (++steps > MaxSteps) throw new SchemaLimitException("The check takes too many steps.");
        bool enters = scope.Count == 0 || !ReferenceEquals(scope[^1], node.Resource);
        if (enters) scope.Add(node.Resource);
        var own = evaluated is not null || node.HasUnevaluated ? new Evaluated() : null;
        bool fits = HoldsAll(node, instance, own);
        if (enters) scope.RemoveAt(scope.Count - 1);
        depth--;
        if (fits && own is not null) evaluated?.Add(own);
        return fits;
    }

    private bool HoldsAll(SchemaNode node, JsonElement instance, Evaluated? own)
    {
        bool fits = true;
        foreach (var keyword in node.Keywords)
        {
            fits &= keyword.Holds(instance, this, own);
            if (!fits && Findings is null) return false;
        }

        return fits;
    }

    /// <summary>The same for a member or an item.</summary>
    public bool CheckAt(string segment, SchemaNode node, JsonElement instance)
    {
        path.Add(segment);
        bool fits = Check(node, instance, null);
        path.RemoveAt(path.Count - 1);
        return fits;
    }

    /// <summary>The same with the findings kept apart; they are no findings of the whole.</summary>
    public bool Try(SchemaNode node, JsonElement instance, Evaluated? evaluated, out List<SchemaFinding>? apart)
    {
        var before = Findings;
        Findings = before is null ? null : [];
        bool fits = Check(node, instance, evaluated);
        (apart, Findings) = (Findings, before);
        return fits;
    }

    /// <summary>The same without any findings.</summary>
    public bool TryQuietly(SchemaNode node, JsonElement instance, Evaluated? evaluated)
    {
        var before = Findings;
        Findings = null;
        bool fits = Check(node, instance, evaluated);
        Findings = before;
        return fits;
    }

    /// <summary>Notes a finding at the present place, or at a member of it. Always <c>false</c>, for the caller to return.</summary>
    public bool Fail(string keyword, string message, string? member = null)
    {
        if (Findings is not { Count: < MaxFindings }) return false;
        string pointer = string.Concat(path.Select(Segment)) + (member is null ? "" : Segment(member));
        Findings.Add(new SchemaFinding(pointer, keyword, message));
        return false;
    }

    private static string Segment(string name) => "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
