using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Rendering;

/// <summary>The variables of one scope. Only the template's top level holds many; the scopes of loops and macros hold a few and are made often.</summary>
internal sealed class Scope(Scope? parent)
{
    private readonly Dictionary<string, Value>? many = parent is null ? new(StringComparer.Ordinal) : null;
    private (string Name, Value Value)[] few = [];
    private int count;

    public Value? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope.Own(name) is { } value) return value;
        }

        return null;
    }

    public void Set(string name, Value value)
    {
        if (many is not null)
        {
            many[name] = value;
            return;
        }

        int at = IndexOf(name);
        if (at < 0)
        {
            if (count == few.Length) Array.Resize(ref few, Math.Max(4, count * 2));
            at = count++;
        }

        few[at] = (name, value);
    }

    private Scope? Parent => parent;

    private Value? Own(string name)
    {
        if (many is not null) return many.GetValueOrDefault(name);
        int at = IndexOf(name);
        return at < 0 ? null : few[at].Value;
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < count; i++)
        {
            if (few[i].Name == name) return i;
        }

        return -1;
    }
}
