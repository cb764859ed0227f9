namespace Countersign.Protocol.Dialects;

/// <summary>How a family writes its reasoning into its text.</summary>
/// <param name="Open">What opens a thought; the first is the usual one.</param>
/// <param name="Close">What closes it.</param>
/// <param name="Label">A word that may follow the opening and is no thought.</param>
/// <param name="EndsAtCall">Whether a tool call ends a thought that was not closed.</param>
public sealed record ThoughtMarks(IReadOnlyList<string> Open, IReadOnlyList<string> Close, string? Label = null, bool EndsAtCall = false)
{
    /// <summary><c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>: most families.</summary>
    public static ThoughtMarks Think { get; } = new(["<think>"], ["</think>"]);

    /// <summary>The same, where a call ends an open thought (Qwen3.5 and later, Kimi).</summary>
    public static ThoughtMarks ThinkUntilCall { get; } = Think with { EndsAtCall = true };

    /// <summary>Mistral's reasoning models.</summary>
    public static ThoughtMarks Mistral { get; } = new(["[THINK]"], ["[/THINK]"]);

    /// <summary>Gemma 4's channel, whose label <c>thought</c> is optional.</summary>
    public static ThoughtMarks Gemma { get; } = new(["<|channel>"], ["<channel|>"], "thought\n");

    /// <summary>Apertus; its text may hold <c>&lt;think&gt;</c> as plain text.</summary>
    public static ThoughtMarks Apertus { get; } = new(["<|inner_prefix|>"], ["<|inner_suffix|>"]);

    /// <summary>openPangu, whose marks are unnamed tokens of its vocabulary.</summary>
    public static ThoughtMarks Pangu { get; } = new(["[unused16]", "<think>"], ["[unused17]", "</think>"]);

    /// <summary>Granite 3.2, in plain words.</summary>
    public static ThoughtMarks Granite { get; } =
        new(["Here is my thought process:", "Here's my thought process:"], ["Here is my response:", "Here's my response:"]);

    /// <summary>Whether a prompt leaves a thought open, so that the answer begins inside it.</summary>
    public bool IsOpenAfter(ReadOnlySpan<char> prompt)
    {
        prompt = prompt.TrimEnd();
        foreach (string mark in Open)
        {
            if (prompt.EndsWith(mark)) return true;
        }

        return false;
    }
}
