using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators;

/// <summary>A place of a choice where something is said.</summary>
/// <param name="Choice">The choice's index.</param>
/// <param name="Kind">What is said there.</param>
/// <param name="Call">The call's index, for <see cref="SaidKind.Arguments"/>.</param>
internal readonly record struct SaidPlace(int Choice, SaidKind Kind, int Call = 0)
{
    /// <summary>The place in words for a finding; <c>null</c> for the text.</summary>
    public string? Words => Kind switch { SaidKind.Text => null, SaidKind.Arguments => $"tool_calls[{Call}]", _ => Kind.ToString().ToLowerInvariant() };
}

/// <summary>What a choice says: its text, what it thought, how it declined, and what it gives to a tool.</summary>
internal enum SaidKind { Text, Reasoning, Refusal, Arguments }

/// <summary>Everything of an answer that a client can read, place by place.</summary>
internal static class Said
{
    /// <summary>What a whole choice says.</summary>
    public static IEnumerable<(SaidPlace Place, string Text)> By(ChatChoice choice)
    {
        yield return (new SaidPlace(choice.Index, SaidKind.Text), choice.Text);
        yield return (new SaidPlace(choice.Index, SaidKind.Reasoning), string.Concat(choice.Reasoning.Select(part => part.Text)));
        yield return (new SaidPlace(choice.Index, SaidKind.Refusal), choice.Refusal ?? "");
        foreach (var (index, call) in choice.ToolCalls.Index()) yield return (new SaidPlace(choice.Index, SaidKind.Arguments, index), call.Arguments);
    }

    /// <summary>What an event adds to a place; <c>null</c> where it adds nothing.</summary>
    public static (SaidPlace Place, string Text)? By(ChatEvent chatEvent) => chatEvent switch
    {
        TextDelta { Text.Length: > 0 } e => (new SaidPlace(e.Choice, SaidKind.Text), e.Text),
        ReasoningDelta { Text.Length: > 0 } e => (new SaidPlace(e.Choice, SaidKind.Reasoning), e.Text),
        RefusalDelta { Text.Length: > 0 } e => (new SaidPlace(e.Choice, SaidKind.Refusal), e.Text),
        ToolCallDelta { Arguments.Length: > 0 } e => (new SaidPlace(e.Choice, SaidKind.Arguments, e.Index), e.Arguments),
        _ => null,
    };
}
