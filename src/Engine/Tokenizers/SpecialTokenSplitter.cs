using System.Buffers;

namespace Countersign.Engine.Tokenizers;

/// <summary>Finds the special tokens in a text: longest first, each left to right in what the longer ones left over. User-defined tokens are
/// always found; control tokens only where asked, for they must not come from a user's words.</summary>
internal sealed class SpecialTokenSplitter
{
    private readonly (int Id, string Text, TokenAttributes Attributes)[] _tokens;
    private readonly SearchValues<string>? _anyUserDefined;
    private readonly SearchValues<string>? _any;

    public SpecialTokenSplitter(Vocabulary vocabulary)
    {
        const TokenAttributes Special = TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unknown;
        IReadOnlyList<string> texts = vocabulary.Metadata.Tokens;
        _tokens = [.. Enumerable.Range(0, vocabulary.Count)
            .Where(id => (vocabulary.Attributes[id] & Special) != 0 && texts[id].Length > 0)
            .OrderByDescending(id => System.Text.Encoding.UTF8.GetByteCount(texts[id])).ThenBy(id => id)
            .Select(id => (id, texts[id], vocabulary.Attributes[id]))];
        _any = Search(_tokens.Select(token => token.Text));
        _anyUserDefined = Search(_tokens.Where(token => !IsHidden(token.Attributes)).Select(token => token.Text));
    }

    /// <summary>A stretch of plain text, or a token (then <see cref="Id"/> is not negative).</summary>
    internal readonly record struct Fragment(int Start, int Length, int Id);

    public List<Fragment> Split(string text, bool parseSpecial)
    {
        var fragments = new List<Fragment>();
        if (text.Length == 0) return fragments;
        fragments.Add(new(0, text.Length, -1));
        SearchValues<string>? any = parseSpecial ? _any : _anyUserDefined;
        int first = any is null ? -1 : text.AsSpan().IndexOfAny(any);
        if (first < 0) return fragments;
        foreach ((int id, string token, TokenAttributes attributes) in _tokens)
        {
            if (!parseSpecial && IsHidden(attributes)) continue;
            if (text.AsSpan(first).IndexOf(token, StringComparison.Ordinal) >= 0) fragments = SplitBy(id, token, attributes, text, fragments);
        }

        return fragments;
    }

    private static List<Fragment> SplitBy(int id, string token, TokenAttributes attributes, string text, List<Fragment> fragments)
    {
        var result = new List<Fragment>(fragments.Count + 2);
        foreach (Fragment fragment in fragments)
        {
            if (fragment.Id >= 0)
            {
                result.Add(fragment);
                continue;
            }

            int start = fragment.Start, end = fragment.Start + fragment.Length;
            while (start < end && text.AsSpan(start, end - start).IndexOf(token, StringComparison.Ordinal) is >= 0 and int found)
            {
                int left = found;
                if ((attributes & TokenAttributes.LeftStrip) != 0)
                {
                    while (left > 0 && IsSpace(text[start + left - 1])) left--;
                }

                if (left > 0) result.Add(new(start, left, -1));
                result.Add(new(start + found, token.Length, id));
                start += found + token.Length;
                if ((attributes & TokenAttributes.RightStrip) != 0)
                {
                    while (start < end && IsSpace(text[start])) start++;
                }
            }

            if (start < end) result.Add(new(start, end - start, -1));
        }

        return result;
    }

    private static SearchValues<string>? Search(IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        return all.Length == 0 ? null : SearchValues.Create(all, StringComparison.Ordinal);
    }

    private static bool IsHidden(TokenAttributes attributes) => (attributes & (TokenAttributes.Control | TokenAttributes.Unknown)) != 0;

    private static bool IsSpace(char c) => c is ' ' or >= '\t' and <= '\r';
}
