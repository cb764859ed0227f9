using System.Text;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.ToolCalls.Scanning;

/// <summary>Makes an answer's events of what a format reads. Deltas of one kind that come together become one.
/// White space that alone stands between calls or thoughts is no text.</summary>
internal sealed class CallWriter(int choice, IReadOnlyList<ToolDefinition> tools, Func<string> newId, TextTrim trim)
{
    private enum Kind { None, Text, Thought, Arguments }

    private readonly StringBuilder open = new(), space = new(), arguments = new();
    private List<ChatEvent> events = [];
    private Kind kind;
    private string name = "";
    private bool hasText, isSplit;

    /// <summary>How many calls were begun.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether what is read now is a thought; its reader says so.</summary>
    public bool IsInThought { get; set; }

    /// <summary>Whether every bracket and string of the arguments so far is closed.</summary>
    public bool HasWholeArguments => ArgumentsText.IsWhole(arguments.ToString());

    /// <summary>The events since the last time.</summary>
    public IReadOnlyList<ChatEvent> Take()
    {
        Flush();
        if (events.Count == 0) return [];
        var taken = events;
        events = [];
        return taken;
    }

    public void Text(ReadOnlySpan<char> text)
    {
        int begin = hasText ? 0 : text.Length - text.TrimStart().Length;
        space.Append(text[..begin]);
        text = text[begin..];
        if (text.IsEmpty) return;
        if (!hasText && trim == TextTrim.Around && isSplit) space.Clear();
        hasText = true;
        var certain = trim == TextTrim.None ? text : text.TrimEnd();
        if (!certain.IsEmpty) Append(Kind.Text, space, certain);
        space.Append(text[certain.Length..]);
    }

    public void Thought(ReadOnlySpan<char> text) => Append(Kind.Thought, null, text);

    /// <summary>A thought begins or ends here: text before it and after it are apart.</summary>
    public void Split()
    {
        if (!hasText || trim == TextTrim.Around) space.Clear();
        (hasText, isSplit) = (false, true);
    }

    public void Begin(string tool, string? id = null)
    {
        if (hasText && trim != TextTrim.None) space.Clear();
        Split();
        Flush();
        arguments.Clear();
        name = tool;
        events.Add(new ToolCallDelta(choice, Calls++, id ?? newId(), tool, ""));
        if (tools.Count > 0 && ToolNames.Find(tools, tool) is null) Finding($"There is no tool named \"{tool}\".");
    }

    /// <summary>More of the arguments, as the model wrote them; white space around them is left out.</summary>
    public void Arguments(ReadOnlySpan<char> text)
    {
        if (arguments.Length == 0) text = text.TrimStart();
        var certain = text.TrimEnd();
        if (!certain.IsEmpty)
        {
            arguments.Append(space).Append(certain);
            Append(Kind.Arguments, space, certain);
        }

        space.Append(text[certain.Length..]);
    }

    /// <summary>The call is complete as the format sees it. Arguments that are broken otherwise stay as they are for the validator, which may mend them.</summary>
    public void End()
    {
        space.Clear();
        if (ArgumentsText.HasDuplicates(arguments.ToString())) Finding($"The call of {name} gives an argument twice.");
    }

    /// <summary>The text ended within the call, or at its end where the format's own end mark is not written.</summary>
    public void Cut()
    {
        space.Clear();
        if (!HasWholeArguments) Finding($"The call of {name} is cut off.");
        else End();
    }

    /// <summary>A whole call.</summary>
    public void Call(string tool, string arguments, string? id = null)
    {
        Begin(tool, id);
        Arguments(arguments);
        End();
    }

    public void Finding(string message)
    {
        Flush();
        events.Add(new ParserFinding(choice, message));
    }

    /// <summary>The text is complete.</summary>
    public void Complete()
    {
        bool isText = hasText || !isSplit;
        if (isText && space.Length > 0) Append(Kind.Text, space, default);
        space.Clear();
    }

    private void Append(Kind next, StringBuilder? before, ReadOnlySpan<char> text)
    {
        if (next != kind) Flush();
        kind = next;
        if (before is not null)
        {
            open.Append(before);
            before.Clear();
        }

        open.Append(text);
    }

    private void Flush()
    {
        if (open.Length > 0) events.Add(Delta(open.ToString()));
        open.Clear();
        kind = Kind.None;
    }

    private ChatEvent Delta(string text) => kind switch
    {
        Kind.Text => new TextDelta(choice, text),
        Kind.Thought => new ReasoningDelta(choice, text),
        _ => new ToolCallDelta(choice, Calls - 1, null, null, text),
    };
}

/// <summary>Which white space a family writes that is no text.</summary>
internal enum TextTrim { None, BeforeCalls, Around }
