using System.Text.Json;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>Schemas that must all hold, with references and <c>allOf</c> followed. Choices (<c>anyOf</c>, <c>oneOf</c>) are taken one alternative at a time.</summary>
internal sealed class SchemaConjunction
{
    private const int LongestChain = 500;
    private const int MostParts = 1000;
    private const int MostChoices = 64;

    private readonly SchemaDocument _document;
    private readonly List<SchemaNode> _bases;
    private readonly HashSet<string> _places;
    private readonly Queue<Cause[]> _choices;

    private SchemaConjunction(SchemaDocument document, List<SchemaNode> bases, HashSet<string> places, Queue<Cause[]> choices) =>
        (_document, _bases, _places, _choices) = (document, bases, places, choices);

    /// <summary>A schema and the one that led to it, so that a circle is seen.</summary>
    private sealed record Cause(SchemaNode Node, Cause? Before, int Length)
    {
        public Cause Then(SchemaNode node) => new(node, this, Length + 1);

        public bool Contains(string place)
        {
            for (Cause? cause = this; cause is not null; cause = cause.Before)
            {
                if (cause.Node.Place == place) return true;
            }

            return false;
        }
    }

    /// <summary>The schemas with keywords of their own.</summary>
    public IReadOnlyList<SchemaNode> Bases => _bases;

    /// <summary>Whether nothing can satisfy it: <c>false</c> is among it, or a choice that only leads back to itself.</summary>
    public bool IsNothing { get; private set; }

    public bool HasChoices => _choices.Count > 0;

    /// <summary>Names the conjunction: equal keys are equal conjunctions.</summary>
    public string Key => string.Join('\n', _bases.Select(static schema => schema.Place).Order(StringComparer.Ordinal));

    public static SchemaConjunction Of(SchemaDocument document, IEnumerable<SchemaNode> schemas)
    {
        var conjunction = new SchemaConjunction(document, [], [], new());
        foreach (SchemaNode schema in schemas) conjunction.Take(new Cause(schema, null, 1));
        return conjunction;
    }

    /// <summary>The next choice's alternatives, each together with all the rest.</summary>
    public IEnumerable<SchemaConjunction> Alternatives()
    {
        Cause[] alternatives = _choices.Dequeue();
        foreach (Cause alternative in alternatives)
        {
            var with = new SchemaConjunction(_document, [.. _bases], [.. _places], new(_choices));
            with.Take(alternative);
            if (!with.IsNothing) yield return with;
        }
    }

    public IEnumerable<SchemaNode> All(string keyword) => _bases.Select(schema => schema.Get(keyword)).OfType<SchemaNode>();

    public bool HasAny(params ReadOnlySpan<string> keywords)
    {
        foreach (string keyword in keywords)
        {
            if (All(keyword).Any()) return true;
        }

        return false;
    }

    private void Take(Cause first)
    {
        var open = new Stack<Cause>([first]);
        while (open.TryPop(out Cause? cause))
        {
            SchemaNode schema = cause.Node;
            if (cause.Length > LongestChain) throw schema.Error($"references and choices lead on more than {LongestChain} times");
            if (schema.Element.ValueKind == JsonValueKind.True) continue;
            if (schema.Element.ValueKind == JsonValueKind.False || cause.Before?.Contains(schema.Place) == true) IsNothing = true;
            else if (schema.Element.ValueKind != JsonValueKind.Object) throw schema.Error("a schema is an object, true or false");
            else if (_places.Add(schema.Place)) Follow(cause, open);
        }
    }

    private void Follow(Cause cause, Stack<Cause> open)
    {
        SchemaNode schema = cause.Node;
        if (schema.Element.EnumerateObject().Any(static member => member.Name != "$ref")) _bases.Add(schema);
        if (schema.Get("allOf") is { } all)
        {
            foreach (SchemaNode part in all.Items().Reverse()) open.Push(cause.Then(part));
        }

        if (schema.Get("$ref") is { } reference) open.Push(cause.Then(_document.Resolve(reference)));
        foreach (string keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (schema.Get(keyword) is { } choice) _choices.Enqueue([.. choice.Items().Select(cause.Then)]);
        }

        if (_bases.Count > MostParts || _choices.Count > MostChoices) throw GrammarLimits.TooLarge($"at {schema.Place} more than {MostParts} schemas or {MostChoices} choices hold at once");
    }
}
