using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>Strings: by length, by pattern, or by format, which is a pattern known by name.</summary>
internal static class StringGrammar
{
    private const string Time = @"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)";
    private const string Date = @"(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";
    private const string Octet = @"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)";
    private const string Label = @"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    private static readonly Dictionary<string, string> s_formats = new(StringComparer.Ordinal)
    {
        ["date"] = $"^{Date}$",
        ["time"] = $"^{Time}$",
        ["date-time"] = $"^{Date}T{Time}$",
        ["duration"] = @"^P(\d{1,6}W|\d{1,6}D(T\d{1,6}H)?|T\d{1,6}[HMS]|\d{1,6}Y(\d{1,6}M(\d{1,6}D)?)?)$",
        ["uuid"] = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        ["email"] = $@"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@{Label}(\.{Label})+$",
        ["hostname"] = $@"^{Label}(\.{Label})*$",
        ["ipv4"] = $@"^{Octet}(\.{Octet}){{3}}$",
        ["ipv6"] = "^([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}$",
        ["uri"] = @"^[a-zA-Z][a-zA-Z0-9+.-]*://[A-Za-z0-9._~:/?#@!$&'()*+,;=-]+$",
    };

    public static GrammarExpression Build(SchemaCompiler compiler, SchemaConjunction schema)
    {
        int minimum = schema.All("minLength").Select(static node => node.Count()).DefaultIfEmpty(0).Max();
        int? maximum = schema.All("maxLength").Select(static node => (int?)node.Count()).DefaultIfEmpty(null).Min();
        if (maximum < minimum) return Nothing;
        GrammarExpression? pattern = null;
        foreach (SchemaNode node in schema.All("pattern").Concat(schema.All("format")))
        {
            if (pattern is not null) compiler.Report(node, "beside another pattern");
            else pattern = Pattern(compiler, node);
        }

        JsonText json = compiler.Json;
        if (pattern is null && minimum == 0 && maximum is null) return json.AnyString;
        GrammarExpression inner = pattern ?? new RepeatExpression(json.Character, minimum, maximum);
        if (pattern is not null) ReportLengths(compiler, schema);
        return Sequence(Literal("\""), inner, Literal("\""));
    }

    private static GrammarExpression? Pattern(SchemaCompiler compiler, SchemaNode node)
    {
        bool isFormat = node.Place.EndsWith("/format", StringComparison.Ordinal);
        string? pattern = isFormat ? s_formats.GetValueOrDefault(node.Text()) : node.Text();
        if (pattern is null)
        {
            compiler.Report(node, $"the format '{node.Text()}' has no grammar");
            return null;
        }

        if (SchemaPattern.TryCompile(pattern, out GrammarExpression expression, out string reason)) return expression;
        compiler.Report(node, reason);
        return null;
    }

    private static void ReportLengths(SchemaCompiler compiler, SchemaConjunction schema)
    {
        foreach (SchemaNode node in schema.All("minLength").Concat(schema.All("maxLength"))) compiler.Report(node, "beside a pattern or format");
    }
}
