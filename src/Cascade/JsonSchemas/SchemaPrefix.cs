using System.Globalization;
using System.Text;
using System.Text.Json;
using Countersign.Cascade.Answers;
using Countersign.Cascade.JsonSchemas.Keywords;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>Reads JSON as it grows and finds the first place after which no continuation can fit: a value of the wrong kind, a property that may not be there,
/// the beginning of a text that no choice begins with, a finished value that does not fit. What it cannot judge with certainty it leaves to the whole check.</summary>
/// <param name="schema">The schema.</param>
/// <param name="mends">Whether the whole check mends near-JSON; then only a text that begins with an object is judged, and only as long as it is plain JSON.</param>
internal sealed class SchemaPrefix(JsonSchema schema, bool mends)
{
    private enum State { Start, Value, FirstValue, FirstKey, Key, Colon, Text, KeyText, Word, After, Done }

    // White space and the opening of a code fence are shorter.
    private const int MaxOpening = 256;

    private readonly StringBuilder buffer = new();
    private readonly StringBuilder content = new();
    private readonly Stack<Frame> frames = new();
    private State state = schema.HasDynamicReferences ? State.Done : State.Start;
    private bool isEscaped, isContentKnown;
    private int scalarStart;
    private (int Start, int End, IReadOnlyList<SchemaNode> Nodes)? pending;

    private sealed class Frame(bool isObject, IReadOnlyList<SchemaNode> nodes, int start)
    {
        public bool IsObject { get; } = isObject;
        public IReadOnlyList<SchemaNode> Nodes { get; } = nodes;
        public int Start { get; } = start;
        public string Key { get; set; } = "";
        public int Index { get; set; }
        public IReadOnlyList<SchemaNode> Inner { get; set; } = [];
    }

    /// <summary>Reads on; returns why the whole is doomed, or <c>null</c>. After a finding it says nothing more.</summary>
    public SchemaFinding? Read(string text)
    {
        foreach (char c in text)
        {
            if (state == State.Done) return null;
            buffer.Append(c);
            if (Step(c) is not { } finding) continue;
            state = State.Done;
            return finding;
        }

        return null;
    }

    private SchemaFinding? Step(char c)
    {
        if (state is State.Text or State.KeyText) return StepText(c);
        if (state == State.Word)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.') return null;
            EndScalar();
        }

        if (c is ' ' or '\t' or '\r' or '\n') return null;
        switch (state)
        {
            case State.Start: return StartRoot(c);
            case State.FirstValue when c == ']': return EndContainer();
            case State.Value or State.FirstValue: return StartValue(c, Inner());
            case State.FirstKey when c == '}': return EndContainer();
            case State.FirstKey or State.Key when c == '"': return StartText(State.KeyText, isCompared: false);
            case State.Colon when c == ':': return EndKey();
            case State.After: return StepAfter(c);
            default: return GiveUp();
        }
    }

    private SchemaFinding? StartRoot(char c)
    {
        if (c != '{' && mends)
        {
            bool isFence = buffer.Length <= MaxOpening && NearJson.FenceOpening(buffer.ToString()) is not false;
            if (!isFence) state = State.Done;
            return null;
        }

        return StartValue(c, SchemaNodes.Certain(schema.Root));
    }

    private SchemaFinding? StartValue(char c, IReadOnlyList<SchemaNode> nodes)
    {
        if (ValueKinds.Of(c) is not { } kind || frames.Count >= NearJson.MaxDepth) return GiveUp();
        if (ValueKinds.Misfit(kind, nodes) is { } misfit) return At(new SchemaFinding("", misfit.Keyword, misfit.Message), frames.Count);
        scalarStart = buffer.Length - 1;
        if (c is '{' or '[') frames.Push(new Frame(c == '{', nodes, scalarStart));
        state = c switch { '{' => State.FirstKey, '[' => State.FirstValue, _ => State.Word };
        return c == '"' ? StartText(State.Text, ValueKinds.HaveChoices(nodes)) : null;
    }

    private SchemaFinding? StartText(State text, bool isCompared)
    {
        content.Clear();
        (isEscaped, isContentKnown, state) = (false, isCompared, text);
        return null;
    }

    private SchemaFinding? StepText(char c)
    {
        if (isEscaped) return StepEscape(c);
        if (c == '\\')
        {
            isEscaped = true;
            return null;
        }

        if (c < ' ') return GiveUp();
        if (c == '"')
        {
            if (state == State.KeyText) state = State.Colon;
            else EndScalar();
            return null;
        }

        content.Append(c);
        return isContentKnown && ValueKinds.NoChoiceBegins(content.ToString(), Inner()) is { } message ? At(new SchemaFinding("", "enum", message), frames.Count) : null;
    }

    private SchemaFinding? StepEscape(char c)
    {
        isEscaped = false;
        if (c is '"' or '\\') content.Append(c);
        else if (mends || state == State.KeyText) return GiveUp(); // mending may read it otherwise
        else isContentKnown = false;
        return null;
    }

    private SchemaFinding? EndKey()
    {
        if (CheckPending() is { } finding) return finding;
        var frame = frames.Peek();
        frame.Key = content.ToString();
        List<SchemaNode> inner = [];
        foreach (var members in frame.Nodes.Select(node => node.Find<ObjectMembersKeyword>()).OfType<ObjectMembersKeyword>())
        {
            var nodes = members.NodesOf(frame.Key).ToList();
            if (nodes.Exists(node => node.IsFalse)) return At(new SchemaFinding("", "additionalProperties", members.NotAllowed(frame.Key)), frames.Count - 1);
            inner.AddRange(nodes.SelectMany(SchemaNodes.Certain));
        }

        frame.Inner = inner;
        state = State.Value;
        return null;
    }

    private SchemaFinding? StepAfter(char c)
    {
        if (frames.Count == 0) return GiveUp();
        var frame = frames.Peek();
        if (c == (frame.IsObject ? '}' : ']')) return EndContainer();
        if (c != ',') return GiveUp();
        state = frame.IsObject ? State.Key : State.Value;
        if (frame.IsObject) return null; // whether the text before ended there is certain only with the next key
        var finding = CheckPending();
        frame.Index++;
        return finding;
    }

    private void EndScalar()
    {
        int end = state == State.Word ? buffer.Length - 1 : buffer.Length;
        pending = (scalarStart, end, Inner());
        state = frames.Count == 0 ? State.Done : State.After;
    }

    private SchemaFinding? EndContainer()
    {
        if (CheckPending() is { } finding) return finding;
        var frame = frames.Pop();
        pending = (frame.Start, buffer.Length, frame.Nodes);
        state = frames.Count == 0 ? State.Done : State.After;
        return CheckPending();
    }

    private SchemaFinding? CheckPending()
    {
        if (pending is not { } value) return null;
        pending = null;
        try
        {
            using var document = JsonDocument.Parse(buffer.ToString(value.Start, value.End - value.Start), new JsonDocumentOptions { MaxDepth = NearJson.MaxDepth });
            foreach (var node in value.Nodes)
            {
                var run = new Evaluation([]);
                if (!run.Check(node, document.RootElement, null)) return At(run.Findings![0], frames.Count);
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or SchemaLimitException or InvalidOperationException or ArgumentException) // The last two: half a surrogate pair.
        {
            return GiveUp();
        }
    }

    /// <summary>What the value at hand must fit.</summary>
    private IReadOnlyList<SchemaNode> Inner()
    {
        if (frames.Count == 0) return SchemaNodes.Certain(schema.Root);
        var frame = frames.Peek();
        if (frame.IsObject) return frame.Inner;
        return [.. frame.Nodes.Select(node => node.Find<ArrayItemsKeyword>()?.NodeOf(frame.Index)).OfType<SchemaNode>().SelectMany(SchemaNodes.Certain)];
    }

    private SchemaFinding? GiveUp()
    {
        state = State.Done;
        return null;
    }

    /// <summary>The finding with the way to the value before it.</summary>
    private SchemaFinding At(SchemaFinding finding, int depth)
    {
        var steps = frames.Reverse().Take(depth).Select(frame => "/" + (frame.IsObject ? SchemaChildren.Escape(frame.Key) : frame.Index.ToString(CultureInfo.InvariantCulture)));
        return finding with { Where = string.Concat(steps) + finding.Where };
    }
}
