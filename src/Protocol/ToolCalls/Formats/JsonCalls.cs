using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Calls that are JSON objects, one or several, in a list or in a row, between marks: Hermes and Qwen, Granite, ERNIE, MiniMax-M1, Nemotron, Phi-4-mini, openPangu, Apertus.
/// A call is certain when its object is closed: before that, a cut-off one is text.</summary>
/// <param name="name">The format's name.</param>
/// <param name="openers">What the calls begin with.</param>
/// <param name="closer">What they end with; it may be missing. <c>null</c> where there is none.</param>
/// <param name="form">How an object names its tool.</param>
internal sealed class JsonCalls(string name, IReadOnlyList<string> openers, string? closer, JsonCallForm form = JsonCallForm.Named) : ToolCallFormat(name)
{
    internal override IReadOnlyList<string> Openers => openers;

    internal override IReadOnlyList<string> Ignored => IgnoredMarks;

    internal override TextTrim Trim => TrimOf;

    /// <summary>Marks that mean nothing.</summary>
    public IReadOnlyList<string> IgnoredMarks { get; init; } = [];

    /// <summary>White space that is no text.</summary>
    public TextTrim TrimOf { get; init; }

    /// <summary>Whether the opener's last character opens the list.</summary>
    public bool OpensList { get; init; }

    internal override IEnumerable<Need> Read(RawReading reading)
    {
        reading.Scanner.Skip(reading.Mark!.Length - (OpensList ? 1 : 0));
        return JsonCallList.Read(reading, closer, form);
    }
}

/// <summary>How a JSON call names its tool.</summary>
internal enum JsonCallForm
{
    /// <summary><c>{"name": "f", "arguments": {..}}</c>; <c>parameters</c> is read too.</summary>
    Named,

    /// <summary><c>{"f": {..}}</c>.</summary>
    Keyed,
}
