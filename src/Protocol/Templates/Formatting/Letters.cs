using System.Globalization;
using System.Text;
using Countersign.Protocol.Templates.Lexing;

namespace Countersign.Protocol.Templates.Formatting;

/// <summary>Upper and lower case as Python has them, where one letter may become several.</summary>
internal static class Letters
{
    /// <summary>Letters whose upper case is several letters, each before what it becomes (Unicode's SpecialCasing.txt).</summary>
    private const string SpecialCasing =
        "\u00DFSS \u0149\u02BCN \u01F0J\u030C \u0390\u0399\u0308\u0301 \u03B0\u03A5\u0308\u0301 \u0587\u0535\u0552 \u1E96H\u0331 " +
        "\u1E97T\u0308 \u1E98W\u030A \u1E99Y\u030A \u1E9AA\u02BE \u1F50\u03A5\u0313 \u1F52\u03A5\u0313\u0300 " +
        "\u1F54\u03A5\u0313\u0301 \u1F56\u03A5\u0313\u0342 \u1F80\u1F08\u0399 \u1F81\u1F09\u0399 \u1F82\u1F0A\u0399 " +
        "\u1F83\u1F0B\u0399 \u1F84\u1F0C\u0399 \u1F85\u1F0D\u0399 \u1F86\u1F0E\u0399 \u1F87\u1F0F\u0399 \u1F88\u1F08\u0399 " +
        "\u1F89\u1F09\u0399 \u1F8A\u1F0A\u0399 \u1F8B\u1F0B\u0399 \u1F8C\u1F0C\u0399 \u1F8D\u1F0D\u0399 \u1F8E\u1F0E\u0399 " +
        "\u1F8F\u1F0F\u0399 \u1F90\u1F28\u0399 \u1F91\u1F29\u0399 \u1F92\u1F2A\u0399 \u1F93\u1F2B\u0399 \u1F94\u1F2C\u0399 " +
        "\u1F95\u1F2D\u0399 \u1F96\u1F2E\u0399 \u1F97\u1F2F\u0399 \u1F98\u1F28\u0399 \u1F99\u1F29\u0399 \u1F9A\u1F2A\u0399 " +
        "\u1F9B\u1F2B\u0399 \u1F9C\u1F2C\u0399 \u1F9D\u1F2D\u0399 \u1F9E\u1F2E\u0399 \u1F9F\u1F2F\u0399 \u1FA0\u1F68\u0399 " +
        "\u1FA1\u1F69\u0399 \u1FA2\u1F6A\u0399 \u1FA3\u1F6B\u0399 \u1FA4\u1F6C\u0399 \u1FA5\u1F6D\u0399 \u1FA6\u1F6E\u0399 " +
        "\u1FA7\u1F6F\u0399 \u1FA8\u1F68\u0399 \u1FA9\u1F69\u0399 \u1FAA\u1F6A\u0399 \u1FAB\u1F6B\u0399 \u1FAC\u1F6C\u0399 " +
        "\u1FAD\u1F6D\u0399 \u1FAE\u1F6E\u0399 \u1FAF\u1F6F\u0399 \u1FB2\u1FBA\u0399 \u1FB3\u0391\u0399 \u1FB4\u0386\u0399 " +
        "\u1FB6\u0391\u0342 \u1FB7\u0391\u0342\u0399 \u1FBC\u0391\u0399 \u1FC2\u1FCA\u0399 \u1FC3\u0397\u0399 \u1FC4\u0389\u0399 " +
        "\u1FC6\u0397\u0342 \u1FC7\u0397\u0342\u0399 \u1FCC\u0397\u0399 \u1FD2\u0399\u0308\u0300 \u1FD3\u0399\u0308\u0301 " +
        "\u1FD6\u0399\u0342 \u1FD7\u0399\u0308\u0342 \u1FE2\u03A5\u0308\u0300 \u1FE3\u03A5\u0308\u0301 \u1FE4\u03A1\u0313 " +
        "\u1FE6\u03A5\u0342 \u1FE7\u03A5\u0308\u0342 \u1FF2\u1FFA\u0399 \u1FF3\u03A9\u0399 \u1FF4\u038F\u0399 \u1FF6\u03A9\u0342 " +
        "\u1FF7\u03A9\u0342\u0399 \u1FFC\u03A9\u0399 \uFB00FF \uFB01FI \uFB02FL \uFB03FFI \uFB04FFL \uFB05ST \uFB06ST " +
        "\uFB13\u0544\u0546 \uFB14\u0544\u0535 \uFB15\u0544\u053B \uFB16\u054E\u0546 \uFB17\u0544\u053D";

    private static readonly Dictionary<char, string> LongUpper = SpecialCasing.Split(' ').ToDictionary(entry => entry[0], entry => entry[1..]);

    public static string Upper(string text)
    {
        string upper = text.ToUpperInvariant();
        return HasLong(text) ? string.Concat(text.Select((letter, at) => LongUpper.GetValueOrDefault(letter) ?? upper[at].ToString())) : upper;
    }

    public static string Lower(string text)
    {
        string lower = text.ToLowerInvariant();
        if (!text.AsSpan().ContainsAny('\u0130', '\u03A3')) return lower;
        var result = new StringBuilder(lower.Length + 1);
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\u0130') result.Append("i\u0307");
            else result.Append(text[at] == '\u03A3' && IsFinalSigma(text, at) ? '\u03C2' : lower[at]);
        }

        return result.ToString();
    }

    /// <summary>The first letter upper, the rest lower.</summary>
    public static string Capitalize(string text)
    {
        if (text.Length == 0) return text;
        int width = char.IsHighSurrogate(text[0]) && text.Length > 1 ? 2 : 1;
        return Upper(text[..width]) + Lower(text[width..]);
    }

    /// <summary>Every letter upper where the one before is no letter, else lower.</summary>
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        bool inWord = false;
        foreach (char letter in text)
        {
            result.Append(inWord ? Lower(letter.ToString()) : Upper(letter.ToString()));
            inWord = IsCased(letter);
        }

        return result.ToString();
    }

    public static string SwapCase(string text) =>
        string.Concat(text.Select(letter => char.IsUpper(letter) ? Lower(letter.ToString()) : Upper(letter.ToString())));

    /// <summary>For comparisons without case; exact for all but a few letters of rare scripts.</summary>
    public static string Fold(string text) => Lower(HasLong(text) ? Upper(text) : text);

    public static bool IsLower(string text) => text.Any(char.IsLower) && !text.Any(letter => char.IsUpper(letter) || IsTitle(letter));

    public static bool IsUpper(string text) => text.Any(char.IsUpper) && !text.Any(letter => char.IsLower(letter) || IsTitle(letter));

    public static bool IsSpace(string text) => text.Length > 0 && text.All(PythonSpace.Is);

    private static bool HasLong(string text) => !Ascii.IsValid(text) && text.Any(LongUpper.ContainsKey);

    private static bool IsTitle(char letter) => char.GetUnicodeCategory(letter) == UnicodeCategory.TitlecaseLetter;

    private static bool IsCased(char letter) => char.IsUpper(letter) || char.IsLower(letter) || IsTitle(letter);

    /// <summary>Sigma at a word's end: a letter before it and none behind, marks left out of account.</summary>
    private static bool IsFinalSigma(string text, int at)
    {
        int before = at - 1, behind = at + 1;
        while (before >= 0 && IsIgnored(text[before])) before--;
        while (behind < text.Length && IsIgnored(text[behind])) behind++;
        return before >= 0 && IsCased(text[before]) && (behind >= text.Length || !IsCased(text[behind]));
    }

    private static bool IsIgnored(char letter) => letter is '\'' or '.' or ':' or '\u00AD' or '\u2019'
        || char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter;
}
