using System.Buffers;
using System.Text;

namespace Countersign.Engine.Tokenizers;

/// <summary>Keeps control tokens out of a user's words. Words are guarded before a template puts them into a prompt, and the guarded prompt is then
/// tokenized: in it only the template's own control tokens are left. A mark (U+FDD0, which is no character) stands after the first letter of every control token that the
/// words write, or begin to write at their end, and is taken away again when the plain text is tokenized; where the words hold U+FDD0 itself, it is written as a pair of marks.</summary>
internal sealed class ControlTextGuard
{
    private const char Mark = '\uFDD0', Own = '\uFDD1';

    private readonly SearchValues<char> _watched;
    private readonly ILookup<char, string> _tokens;

    public ControlTextGuard(IEnumerable<string> controlTokens)
    {
        _tokens = controlTokens.Where(static token => token.Length > 1).ToLookup(static token => token[0]);
        _watched = SearchValues.Create([Mark, .. _tokens.Select(static group => group.Key)]);
    }

    /// <summary>The words with marks in them.</summary>
    public string Guard(string words)
    {
        int next = words.AsSpan().IndexOfAny(_watched);
        if (next < 0) return words;
        var guarded = new StringBuilder(words.Length + 8);
        int done = 0;
        while (next >= 0)
        {
            int end = next + (char.IsHighSurrogate(words[next]) && next + 1 < words.Length ? 2 : 1);
            guarded.Append(words, done, end - done);
            done = end;
            if (words[next] == Mark) guarded.Append(Own);
            else if (BeginsToken(words.AsSpan(next))) guarded.Append(Mark);
            next = words.AsSpan(done).IndexOfAny(_watched) is >= 0 and int found ? done + found : -1;
        }

        return guarded.Append(words, done, words.Length - done).ToString();
    }

    /// <summary>Text without the marks that <see cref="Guard"/> put there.</summary>
    public static ReadOnlySpan<char> Unguarded(ReadOnlySpan<char> text)
    {
        if (!text.Contains(Mark)) return text;
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != Mark) plain.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == Own) plain.Append(text[i++]);
        }

        return plain.ToString();
    }

    private bool BeginsToken(ReadOnlySpan<char> words)
    {
        foreach (string token in _tokens[words[0]])
        {
            if (words.Length >= token.Length ? words.StartsWith(token) : token.AsSpan().StartsWith(words)) return true;
        }

        return false;
    }
}
