using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Cascade.Answers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Facts;

/// <summary><c>quotes</c>: what the answer quotes occurs in the input as whole words and numbers. Case, white space and kinds of quotation marks do not count; numbers count by value. A named field must be there;
/// <c>null</c>, there or above it, quotes nothing.</summary>
internal sealed partial class QuotesValidator : ChoiceValidator
{
    private readonly IReadOnlyList<(string Path, IReadOnlyList<string> Steps)> fields;
    private readonly bool quoted;
    private readonly int minLength;
    private readonly QuoteInput counts;

    public QuotesValidator(QuotesOptions options) : base("quotes")
    {
        fields = [.. options.Fields.Select(path => (path, JsonPaths.Parse(path) ?? throw ProblemException.Invalid($"'{path}' is no path; write vendor, vendor.name or lines[*].amount.", "fields")))];
        quoted = options.Quoted ?? fields.Count == 0;
        (minLength, counts) = (options.MinLength, options.Input);
    }

    public override string Description =>
        string.Join(" ", new[] { fields.Count > 0 ? $"The values of {string.Join(", ", fields.Select(named => named.Path))} occur in {InputName}." : null, quoted ? $"What stands in quotation marks occurs in {InputName}." : null }.OfType<string>());

    private string InputName => counts == QuoteInput.Last ? "the last user message" : "the input";

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        var input = new QuotedInput(context.Request, counts);
        List<Finding> findings = [];
        if (fields.Count > 0)
        {
            if (NearJson.Read(choice.Text).Value is not { } answer) return Ruling.Wrong(new Finding("The answer holds no JSON, so its fields cannot be looked up."));
            foreach (var (_, steps) in fields)
            {
                findings.AddRange(JsonPaths.Select(answer, steps, out var absent).SelectMany(at => Missing(at.Where, at.Value, input)));
                findings.AddRange(absent.Where(at => at.From.ValueKind != JsonValueKind.Null).Select(at => NoValue(at.Where)));
            }
        }

        if (quoted) findings.AddRange(Spans(choice.Text).Where(span => !input.Has(span)).Select(span => new Finding($"The quotation \"{span}\" does not occur in the input. Quote it word for word.")));
        return findings.Count == 0 ? Ruling.Fine : Ruling.Wrong(findings);
    }

    private static IEnumerable<Finding> Missing(string where, JsonElement value, QuotedInput input) => value.ValueKind switch
    {
        JsonValueKind.String when !input.Has(value.GetString()!) && !input.HasNumber(value.GetString()!) => [NotFound(where, value)],
        JsonValueKind.Number when !input.HasNumber(value.GetRawText()) => [NotFound(where, value)],
        JsonValueKind.Array => value.EnumerateArray().Index().SelectMany(item => Missing($"{where}/{item.Index}", item.Item, input)),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Missing($"{where}/{member.Name}", member.Value, input)),
        _ => [],
    };

    private static Finding NoValue(string where) => new($"There is no value at {where}. Take it from the input, or write null where the input does not state it.", where);

    private static Finding NotFound(string where, JsonElement value) =>
        new($"The value at {where} ({AnswerField.TextOf(value)}) does not occur in the input. Take it from the input as it stands there.", where);

    private IEnumerable<string> Spans(string text) =>
        Span().Matches(text).Select(match => match.Groups["span"].Value.Trim()).Where(span => span.Length >= minLength).Distinct();

    [GeneratedRegex("\"(?<span>[^\"\\n]{1,2000})\"|“(?<span>[^”\\n]{1,2000})”|„(?<span>[^“”\\n]{1,2000})[“”]|«(?<span>[^»\\n]{1,2000})»", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Span();
}
