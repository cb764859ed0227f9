using Countersign.Protocol.ToolCalls;

namespace Countersign.Protocol.Dialects;

/// <summary>How a family writes reasoning and tool calls into its text.</summary>
/// <param name="Calls">The format of its tool calls; <c>null</c> where it has none.</param>
/// <param name="Thoughts">The marks of its reasoning; <c>null</c> where it does not think, or where the call format tells thoughts apart itself.</param>
public sealed record TextStyle(ToolCallFormat? Calls, ThoughtMarks? Thoughts)
{
    /// <summary>The same for an answer that may call nothing: what looks like a call is text. A format that governs the whole answer stays.</summary>
    public TextStyle WithoutCalls() => IsChannelled ? this : this with { Calls = null };

    /// <summary>The texts that mark thoughts and calls; some are control tokens, which servers leave out of a text unless told otherwise.</summary>
    public IReadOnlyList<string> Marks => [.. new[] { Thoughts?.Open, Thoughts?.Close, Calls?.Openers, Calls?.Ignored }.SelectMany(marks => marks ?? []).Where(mark => mark.Length > 1).Distinct()];

    /// <summary>The text after which the answer proper begins, where thoughts may stand before it; <c>null</c> where none may.</summary>
    public string? AnswerMark => IsChannelled ? "<|channel|>final<|message|>" : Thoughts?.Close[0];

    /// <summary>Whether every answer is written in channels (harmony), so that nothing of it stands outside marks.</summary>
    public bool IsChannelled => Calls is { ReadsWholeAnswer: true };

    /// <summary>Whether the text is nothing but text.</summary>
    public bool IsPlain => Calls is null && Thoughts is null;
}
