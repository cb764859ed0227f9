using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Rendering;

/// <summary>The state of one rendering.</summary>
internal sealed class RenderContext
{
    public RenderContext(Scope variables, RenderSettings settings)
    {
        Scope = variables;
        Settings = settings;
        Budget = new Budget(settings.Limits);
        Output = new TextSink(Budget);
    }

    public Scope Scope { get; set; }
    public TextSink Output { get; private set; }
    public Budget Budget { get; }
    public RenderSettings Settings { get; }

    /// <summary>The line of the template that runs, for error messages.</summary>
    public int Line { get; set; }

    /// <summary>What <paramref name="body"/> writes, in a scope below <paramref name="parent"/>.</summary>
    public string Capture(Block body, Scope scope)
    {
        var (output, outer) = (Output, Scope);
        (Output, Scope) = (new TextSink(Budget), scope);
        try
        {
            body.Render(this);
            return Output.ToString();
        }
        finally
        {
            (Output, Scope) = (output, outer);
        }
    }

    /// <summary>Python's <c>str(value)</c>.</summary>
    public string TextOf(Value value)
    {
        if (value is StringValue text) return text.Text;
        var sink = new TextSink(Budget);
        value.WriteText(sink);
        return sink.ToString();
    }

    /// <summary>Python's <c>repr(value)</c>.</summary>
    public string ReprOf(Value value)
    {
        var sink = new TextSink(Budget);
        value.WriteRepr(sink);
        return sink.ToString();
    }

    /// <summary>Accounts for a text that was made, and wraps it.</summary>
    public StringValue String(string text, bool markup = false)
    {
        Budget.Text(text.Length);
        return new StringValue(text, markup);
    }

    /// <summary>Accounts for a list of new items, and wraps it.</summary>
    public ListValue List(List<Value> items)
    {
        Budget.Steps(items.Count);
        return new ListValue(items);
    }

    /// <summary>All items that a loop over <paramref name="value"/> sees.</summary>
    public List<Value> ItemsOf(Value value)
    {
        var items = new List<Value>(value.Length ?? 0);
        foreach (var item in value.Iterate())
        {
            Budget.Steps(1);
            items.Add(item);
        }

        return items;
    }
}

/// <summary>What a rendering is given besides its variables.</summary>
/// <param name="Limits">Its limits.</param>
/// <param name="Clock">The clock of <c>strftime_now</c>.</param>
/// <param name="Lenient">Whether lists may be changed, <c>from_json</c> exists and <c>tojson</c> takes lazy values: what templates written for llama.cpp expect.</param>
internal sealed record RenderSettings(TemplateLimits Limits, TimeProvider Clock, bool Lenient);
