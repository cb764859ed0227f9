using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>How a line of models writes tool calls into its text.</summary>
public abstract class ToolCallFormat
{
    private protected ToolCallFormat(string name) => Name = name;

    /// <summary>Its name, such as <c>hermes_json</c>.</summary>
    public string Name { get; }

    /// <summary>Makes an id for a call that has none of its own.</summary>
    internal virtual string NewId() => CallIds.New();

    /// <summary>What a call, or a list of calls, begins with.</summary>
    internal abstract IReadOnlyList<string> Openers { get; }

    /// <summary>Marks that may stand in the text and mean nothing.</summary>
    internal virtual IReadOnlyList<string> Ignored => [];

    /// <summary>White space around text that is not part of it.</summary>
    internal virtual TextTrim Trim => TextTrim.None;

    /// <summary>Whether the format governs the whole answer, thoughts too, so that it is read from the beginning.</summary>
    internal virtual bool ReadsWholeAnswer => false;

    /// <summary>Reads what begins with one of <see cref="Openers"/>: makes calls of it, or gives it back as text.</summary>
    internal abstract IEnumerable<Need> Read(RawReading reading);
}
