using System.Text.Json;
using System.Text.RegularExpressions;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary><c>pattern</c>.</summary>
internal sealed class PatternKeyword(Lazy<Regex> pattern, string written) : Keyword("pattern")
{
    public static PatternKeyword Make(KeywordSource source) => new(Compile(source, source.Text()), source.Text());

    /// <summary>A pattern, or the problem that it is none.</summary>
    public static Lazy<Regex> Compile(KeywordSource source, string pattern) => EcmaPattern.CompileLater(pattern) ?? throw source.Invalid($"a regular expression; '{pattern}' is none");

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated) =>
        instance.ValueKind != JsonValueKind.String || Matches(pattern, instance.GetString()!) || run.Fail(Name, $"must match the pattern {written}, but is {Words.Value(instance)}");

    /// <summary>Whether the text matches.</summary>
    /// <exception cref="SchemaLimitException">Finding out takes too long.</exception>
    public static bool Matches(Lazy<Regex> pattern, string text)
    {
        try
        {
            return pattern.Value.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new SchemaLimitException("A pattern of the schema takes too long to match.");
        }
    }
}

/// <summary><c>format</c>, where it is asked for; formats that are not known assert nothing.</summary>
internal sealed class FormatKeyword(string format, Func<string, bool> isOf) : Keyword("format")
{
    public static FormatKeyword? Make(KeywordSource source) =>
        source.AssertFormats && SchemaFormats.Find(source.Text()) is { } isOf ? new FormatKeyword(source.Text(), isOf) : null;

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated) =>
        instance.ValueKind != JsonValueKind.String || isOf(instance.GetString()!) || run.Fail(Name, $"must have the format {format}, but is {Words.Value(instance)}");
}
