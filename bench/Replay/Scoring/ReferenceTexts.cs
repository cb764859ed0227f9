using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Countersign.Replay.Scoring;

/// <summary>Grades a text by a reference and the rule that its question names. Written apart from the gateway's own normalisers, which are under test.</summary>
internal static partial class ReferenceTexts
{
    /// <summary>Whether the text says what the reference says.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="reference">What is right.</param>
    /// <param name="rule"><c>number</c>: the last number in the text; <c>choice</c>: its first letter of a choice; <c>json</c>: the whole text as one JSON value; <c>text</c>: the whole text, blanks around it aside.</param>
    /// <exception cref="InvalidDataException">There is no such rule.</exception>
    public static bool Match(string text, JsonElement reference, string rule) => rule switch
    {
        "number" => Number().Matches(text) is [.., var last] && TryNumber(last.Value) is { } number && number == TryNumber(reference.GetString()!),
        "choice" => Choice().Match(text).Value == reference.GetString(),
        "json" => IsSameJson(text, reference),
        "text" => text.Trim() == reference.GetString(),
        _ => throw new InvalidDataException($"'{rule}' is no rule of grading; there are number, choice, json and text."),
    };

    /// <summary><c>null</c> where it has more digits than any right answer.</summary>
    private static decimal? TryNumber(string text) => decimal.TryParse(text, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    private static bool IsSameJson(string text, JsonElement reference)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonElement.DeepEquals(document.RootElement, reference);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"-?[0-9]+(\.[0-9]+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\b[A-D]\b")]
    private static partial Regex Choice();
}
