using System.Collections.Frozen;

namespace Countersign.Cascade.Answers;

/// <summary>Tells LaTeX commands from JSON escapes: <c>\frac</c>, <c>\times</c> and <c>\nu</c> begin like <c>\f</c>, <c>\t</c> and <c>\n</c>.</summary>
internal static class Latex
{
    private const int LongestCommand = 24;

    // Commands whose first letter is a JSON escape. No letter follows \b or \f in real text, so for these any word counts; the list is for n, r, t and u.
    private static readonly FrozenSet<string> Commands = new[]
    {
        "nabla", "natural", "ne", "nearrow", "neg", "neq", "newline", "nexists", "ni", "nleq", "ngeq", "nmid", "not", "notin", "nparallel", "nsim", "nsubseteq", "nu", "nwarrow", "nolimits", "nonumber", "normalsize",
        "radical", "rangle", "rbrace", "rbrack", "rceil", "Re", "real", "rfloor", "rho", "right", "rightarrow", "rightharpoonup", "rightleftharpoons", "rightleftarrows", "rm", "root", "rule", "rVert", "rvert",
        "tag", "tan", "tanh", "tau", "tbinom", "text", "textbf", "textit", "textrm", "textsf", "texttt", "textsc", "textup", "textdegree", "textstyle", "tfrac", "therefore", "theta", "thickapprox", "thicksim", "tilde", "times", "to", "top", "triangle", "triangleq", "tt",
        "underbrace", "underline", "underset", "uparrow", "uplus", "upsilon", "u",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the text after a backslash is a LaTeX command and not a JSON escape.</summary>
    public static bool IsCommandAt(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiLetter(text[length])) length++;
        if (length < 2) return false;
        return text[0] switch
        {
            'b' or 'f' => true,
            'n' or 'r' or 't' or 'u' => Commands.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text[..length]),
            _ => false,
        };
    }

    /// <summary>Undoes what JSON made of LaTeX commands: control characters that stand where their backslash was.</summary>
    public static string Restore(string text)
    {
        if (!text.AsSpan().ContainsAny("\b\f\t\r\n")) return text;
        return string.Concat(text.Select((c, index) => Letter(c) is { } letter && IsCommandAt($"{letter}{text.AsSpan(index + 1, Math.Min(LongestCommand, text.Length - index - 1))}") ? $"\\{letter}" : c.ToString()));
    }

    private static char? Letter(char c) => c switch { '\b' => 'b', '\f' => 'f', '\t' => 't', '\r' => 'r', '\n' => 'n', _ => null };
}
