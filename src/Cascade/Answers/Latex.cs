using System.Collections.Frozen;

namespace Countersign.Cascade.Answers;

/// <summary>Tells LaTeX commands from JSON escapes: <c>\frac</c>, <c>\times</c> and <c>\nu</c> begin like <c>\f</c>, <c>\t</c> and <c>\n</c>.</summary>
internal static class Latex
{
    private const int LongestCommand = 24;

    // Commands whose first letter is a JSON escape. (\u is told by the hexadecimal digits after it.)
    private static readonly FrozenSet<string> Commands = new[]
    {
        "backslash", "bar", "because", "begin", "beta", "beth", "between", "bf", "bigcap", "bigcup", "big", "bigg", "biggl", "biggr", "bigl", "bigoplus", "bigr", "bigsqcup", "bigstar", "bigtriangleup", "bigvee", "bigwedge", "binom",
        "blacksquare", "bm", "bmod", "bold", "boldsymbol", "bot", "bowtie", "box", "boxed", "breve", "bullet",
        "fbox", "flat", "footnotesize", "forall", "frac", "frak", "frown",
        "nabla", "natural", "ne", "nearrow", "neg", "neq", "newline", "nexists", "ni", "nleq", "ngeq", "nmid", "not", "notin", "nparallel", "nsim", "nsubseteq", "nu", "nwarrow", "nolimits", "nonumber", "normalsize",
        "radical", "rangle", "rbrace", "rbrack", "rceil", "real", "rfloor", "rho", "right", "rightarrow", "rightharpoonup", "rightleftharpoons", "rightleftarrows", "rm", "root", "rule", "rVert", "rvert",
        "tag", "tan", "tanh", "tau", "tbinom", "text", "textbf", "textit", "textrm", "textsf", "texttt", "textsc", "textup", "textdegree", "textstyle", "tfrac", "therefore", "theta", "thickapprox", "thicksim", "tilde", "times", "to", "top", "triangle", "triangleq", "tt",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Those which a word of real text may hide behind: "Hello\ni am Bob", "un \ne poi".
    private static readonly FrozenSet<string> Ambiguous = new[] { "bar", "big", "box", "bold", "flat", "ne", "neg", "ni", "not", "nu", "real", "rho", "right", "root", "rule", "tag", "tan", "tau", "text", "to", "top", "tt" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the text after a backslash is a LaTeX command and not a JSON escape. A short command before a word of two letters or more is taken for an escape.</summary>
    public static bool IsCommandAt(ReadOnlySpan<char> text)
    {
        int length = WordLength(text);
        var word = text[..length];
        if (!Commands.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word)) return false;
        return !(Ambiguous.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) && length < text.Length && text[length] == ' ' && WordLength(text[(length + 1)..]) >= 2);
    }

    /// <summary>Whether JSON text writes LaTeX with single backslashes: it holds an escape that JSON does not have. Only then is <c>\neq</c> not a line break, <c>\frac</c> not a form feed.</summary>
    public static bool IsUnescapedIn(ReadOnlySpan<char> json)
    {
        for (int at = json.IndexOf('\\'); at >= 0 && at + 1 < json.Length;)
        {
            char c = json[at + 1];
            if (c is '(' or ')' or '[' or ']' or '{' or '}' || (char.IsAsciiLetter(c) && !"bfnrtu".Contains(c, StringComparison.Ordinal))) return true;
            int next = json[(at + 2)..].IndexOf('\\');
            at = next < 0 ? -1 : at + 2 + next;
        }

        return false;
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiLetter(text[length])) length++;
        return length;
    }

    /// <summary>Undoes what JSON made of LaTeX commands: control characters that stand where their backslash was.</summary>
    public static string Restore(string text)
    {
        if (!text.AsSpan().ContainsAny("\b\f\t\r\n")) return text;
        return string.Concat(text.Select((c, index) => Letter(c) is { } letter && IsCommandAt($"{letter}{text.AsSpan(index + 1, Math.Min(LongestCommand, text.Length - index - 1))}") ? $"\\{letter}" : c.ToString()));
    }

    private static char? Letter(char c) => c switch { '\b' => 'b', '\f' => 'f', '\t' => 't', '\r' => 'r', '\n' => 'n', _ => null };
}
