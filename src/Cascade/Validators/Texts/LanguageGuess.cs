using System.Buffers;
using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Countersign.Cascade.Validators.Texts;

/// <summary>Tells a text's language: by its script, among those written in Cyrillic or Arabic letters by the letters that only some have, among those in Latin letters by their commonest words.
/// Code in fences is left out.</summary>
internal static partial class LanguageGuess
{
    private const int FewestLetters = 12, FewestWords = 3;

    private static readonly (string Language, FrozenSet<string> Words)[] Latin =
    [
        ("en", Words("the and of to in is that it for was with as are this be on you not have from by they which or an at")),
        ("de", Words("der die das und ist nicht ein eine zu mit den dem von auf für im sich auch es wird sind bei oder werden")),
        ("fr", Words("le la les et est des une un dans que pour pas qui sur avec ce il du au sont cette nous vous plus ne")),
        ("es", Words("el los las y es una un en que por para con no se del al como más su lo pero sus son está")),
        ("pt", Words("o os as e é uma um em que por para com não se do da ao como mais seu sua são está dos")),
        ("it", Words("il gli le e è una un in che per con non si del della di come più sono questo alla dei anche nel")),
        ("nl", Words("de het een en is niet van in dat op te voor met zijn aan er ook als bij naar maar worden deze om")),
        ("pl", Words("i w na z jest nie się to że do jak po co tak dla od za ale oraz przez są ten może być")),
        ("sv", Words("och det att i en är som på för inte med av den till har om ett jag vi kan men från ska eller")),
        ("da", Words("og det at i er som på for ikke med af den til har om et jeg vi kan fra skal eller efter blev hvad nogle kun mellem")),
        ("no", Words("og det at i er som på for ikke med av den til har om et jeg vi kan fra skal eller etter ble hva noen bare mellom")),
        ("tr", Words("ve bir bu için ile da de çok daha olarak ne gibi olan var en kadar ama sonra değil mi her")),
    ];

    private static readonly SearchValues<char> OtherCyrillic = SearchValues.Create("јљњђћџѓќѕәғқңөұүһ"), Urdu = SearchValues.Create("ٹڈڑںے"), Persian = SearchValues.Create("پچژگکی"); // Serbian, Kazakh, ...

    private static readonly string[] Scripts = ["ar", "be", "bg", "el", "fa", "he", "hi", "ja", "ko", "ru", "th", "uk", "ur", "zh"];

    /// <summary>The ISO 639-1 codes of all that can be told.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. Latin.Select(entry => entry.Language).Concat(Scripts).Order(StringComparer.Ordinal)];

    /// <summary>The language's ISO 639-1 code; <c>null</c> where it cannot be told.</summary>
    public static string? Of(string text)
    {
        text = Fence().Replace(text, " ");
        int letters = 0;
        Dictionary<string, int> scripts = new(StringComparer.Ordinal);
        foreach (char c in text)
        {
            if (!char.IsLetter(c)) continue;
            letters++;
            string script = ScriptOf(c);
            scripts[script] = scripts.GetValueOrDefault(script) + 1;
        }

        if (letters == 0) return null;
        if (scripts.GetValueOrDefault("ja") > 0 && scripts.GetValueOrDefault("ja") * 8 >= scripts.GetValueOrDefault("zh")) scripts["ja"] += scripts.GetValueOrDefault("zh");
        var (language, count) = scripts.MaxBy(pair => pair.Value);
        bool isDense = language is "zh" or "ja" or "ko"; // a character there says what a word does elsewhere
        if (count * 2 < letters || letters < (isDense ? 4 : FewestLetters)) return null;
        return language switch { "latin" => LatinLanguage(text), "cyrillic" => CyrillicLanguage(text.ToLowerInvariant()), "arabic" => ArabicLanguage(text), "other" => null, _ => language };
    }

    private static string? CyrillicLanguage(string text)
    {
        if (HasOwn(text, OtherCyrillic)) return null;
        if (text.Contains('ў', StringComparison.Ordinal) && !text.Contains('и', StringComparison.Ordinal)) return "be";
        int ukrainian = text.Count(c => c is 'і' or 'ї' or 'є' or 'ґ'), russian = text.Count(c => c is 'ы' or 'э' or 'ё');
        if (ukrainian > 0 || russian > 0) return ukrainian > russian ? "uk" : "ru";
        return Bulgarian().IsMatch(text) ? "bg" : "ru";
    }

    private static string ArabicLanguage(string text) => HasOwn(text, Urdu) ? "ur" : HasOwn(text, Persian) ? "fa" : "ar";

    /// <summary>Whether a text is in a language with these letters, and does not only hold a name from there.</summary>
    private static bool HasOwn(string text, SearchValues<char> letters) => text.Count(letters.Contains) * 50 > text.Length;

    private static string? LatinLanguage(string text)
    {
        var words = text.ToLowerInvariant().Split([' ', '\n', '\r', '\t', '.', ',', ';', ':', '!', '?', '(', ')', '"', '\'', '’'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < FewestWords) return null;
        var ranked = Latin.Select(entry => (entry.Language, Hits: words.Count(entry.Words.Contains))).OrderByDescending(entry => entry.Hits).ToList();
        return ranked[0].Hits >= 2 && ranked[0].Hits > ranked[1].Hits ? ranked[0].Language : null;
    }

    private static string ScriptOf(char c) => c switch
    {
        <= '\u024F' => "latin",
        >= '\u0370' and <= '\u03FF' => "el",
        >= '\u0400' and <= '\u04FF' => "cyrillic",
        >= '\u0590' and <= '\u05FF' => "he",
        >= '\u0600' and <= '\u06FF' => "arabic",
        >= '\u0900' and <= '\u097F' => "hi",
        >= '\u0E00' and <= '\u0E7F' => "th",
        >= '\u3040' and <= '\u30FF' => "ja",
        >= '\u4E00' and <= '\u9FFF' => "zh",
        >= '\uAC00' and <= '\uD7AF' => "ko",
        _ => "other",
    };

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // Russian has ъ only before е, ё, ю and я, and none of these as words.
    [GeneratedRegex(@"ъ(?:[^еёюя]|$)|\b(?:е|са|се|че|със|във|това|ще)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Bulgarian();

    [GeneratedRegex("```.*?(?:```|$)", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Fence();
}
