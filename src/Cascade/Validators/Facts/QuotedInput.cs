using System.Globalization;
using System.Text;
using Countersign.Cascade.Answers;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators.Facts;

/// <summary>The text of a request, folded for look-ups.</summary>
internal sealed class QuotedInput
{
    // A currency's or a unit's sign, such as EUR, kg, pm.
    private const int LongestUnit = 3;

    private readonly string folded;
    private readonly HashSet<string> numbers;

    public QuotedInput(ChatRequest request, QuoteInput counts)
    {
        var messages = counts == QuoteInput.Last ? request.Messages.Where(message => message.Role == ChatRole.User).TakeLast(1) : request.Messages.Where(message => message.Role != ChatRole.Assistant);
        string text = string.Join('\n', messages.SelectMany(TextsOf));
        folded = Fold(text);
        numbers = [.. NumberScanner.ReadAll(text).SelectMany(number => number.Others.Append(number.Form)).OfType<string>()];
    }

    /// <summary>Whether the text occurs, beginning and ending where a word or a number does.</summary>
    public bool Has(string text) => Fold(text) is var sought && (sought.Length == 0 || Occurs(sought, (at, end) => !ContinuesBefore(at) && !ContinuesAfter(end)));

    /// <summary>Whether the text is one number, with its currency or unit, that stands in the input in any spelling.</summary>
    public bool HasNumber(string text)
    {
        if (NumberScanner.ReadAll(text) is not [{ Form: { } form }] || !numbers.Contains(form)) return false;
        string[] words = text.Split([.. text.Where(c => !char.IsLetter(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries);
        return words is [] || (words is [{ Length: <= LongestUnit } unit] && Occurs(Fold(unit), (at, end) => !char.IsLetter(Before(at)) && !char.IsLetter(After(end))));
    }

    private bool Occurs(string sought, Func<int, int, bool> standsThere)
    {
        for (int at = folded.IndexOf(sought, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(sought, at + 1, StringComparison.Ordinal))
        {
            if (standsThere(at, at + sought.Length)) return true;
        }

        return false;
    }

    private bool ContinuesBefore(int at)
    {
        char first = folded[at], before = Before(at);
        if (!char.IsAsciiDigit(first)) return IsOfWord(first) && IsOfWord(before);
        bool isSign = before == '-' && !IsOfWord(Before(at - 1));
        return IsOfWord(before) || isSign || (before is '.' or ',' && char.IsAsciiDigit(Before(at - 1)));
    }

    private bool ContinuesAfter(int end)
    {
        char last = folded[end - 1], after = After(end);
        return IsOfWord(last) && (IsOfWord(after) || (char.IsAsciiDigit(last) && after is '.' or ',' && char.IsAsciiDigit(After(end + 1))));
    }

    private char Before(int at) => at > 0 ? folded[at - 1] : '\0';

    private char After(int end) => end < folded.Length ? folded[end] : '\0';

    // Scripts without case write words without space between them, or with prefixes: there any place may be a word's end.
    private static bool IsOfWord(char c) => char.IsDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static IEnumerable<string> TextsOf(ChatMessage message) =>
        message.Parts.SelectMany(part => part is ToolResultPart result ? result.Parts : [part]).OfType<TextPart>().Select(part => part.Text);

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (char c in text.Normalize(NormalizationForm.FormKC).ToUpperInvariant())
        {
            if (char.IsWhiteSpace(c)) { if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' '); }
            else folded.Append(c switch { '’' or '‘' => '\'', '“' or '”' or '„' or '«' or '»' => '"', '–' or '—' or '−' => '-', _ => c });
        }

        return folded.ToString().Trim();
    }
}
