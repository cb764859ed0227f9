using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Cascade.Answers;

namespace Countersign.Cascade.Validators.Judge;

/// <summary>What a judge said: nothing but a JSON object, or that in a code fence.</summary>
/// <param name="Score">0..1; <c>null</c> where nothing can be read from it.</param>
/// <param name="Findings">What is wrong.</param>
/// <param name="Problem">Why there is no score.</param>
internal sealed partial record Ruling(double? Score, IReadOnlyList<Finding> Findings, string? Problem)
{
    private const int MaxFindings = 10, MaxCharacters = 500;
    private const string Unreadable = "The judge's verdict is not of the form that was asked for.";

    public static Ruling None(string problem) => new(null, [], problem);

    /// <summary>Reads <c>{"findings":[...],"score":0..1}</c>.</summary>
    public static Ruling ReadScore(string text) =>
        Root(text) is { } root && root.TryGetProperty("score", out var score) && score.ValueKind is JsonValueKind.Number && score.GetDouble() is >= 0 and <= 1 and var value
            ? new Ruling(value, FindingsOf(root), null)
            : None(Unreadable);

    /// <summary>Reads <c>{"findings":[...],"better":"A"|"B"|"equal"}</c> as the draft's score.</summary>
    public static Ruling ReadBetter(string text, string draft)
    {
        if (Root(text) is not { } root || !root.TryGetProperty("better", out var better) || better.ValueKind is not JsonValueKind.String) return None(Unreadable);
        string word = better.GetString()!;
        return word is "A" or "B" or "equal" ? new Ruling(word == draft ? 1 : word == "equal" ? 0.5 : 0, FindingsOf(root), null) : None(Unreadable);
    }

    /// <summary>Both orders together: a judge who always prefers the first place comes to a draw.</summary>
    public static Ruling Mean(Ruling one, Ruling other)
    {
        if (one.Score is null || other.Score is null) return one.Score is null ? one : other;
        return new Ruling((one.Score + other.Score) / 2, [.. one.Findings.Concat(other.Findings).Distinct()], null);
    }

    // The ruling is the whole answer, or none: an object within other text may be one that the judge quotes from the draft.
    private static JsonElement? Root(string text) => NearJson.ReadStrict(Unfenced(text)).Value is { ValueKind: JsonValueKind.Object } root ? root : null;

    private static string Unfenced(string text) => Fence().Match(text) is { Success: true } fence ? fence.Groups["inside"].Value : text;

    private static Finding[] FindingsOf(JsonElement root)
    {
        if (!root.TryGetProperty("findings", out var list) || list.ValueKind is not JsonValueKind.Array) return [];
        return [.. list.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Take(MaxFindings).Select(item => new Finding(Short(item.GetString()!)))];
    }

    private static string Short(string text) => text.Length <= MaxCharacters ? text : text[..MaxCharacters] + "...";

    [GeneratedRegex(@"^\s*```(json)?\s*(?<inside>\{.*\})\s*```\s*$", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();
}
