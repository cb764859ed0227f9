using System.Text.Json;
using Countersign.Cascade.Answers;
using Countersign.Cascade.JsonSchemas;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Structure;

/// <summary><c>json_schema</c>: the answer is JSON and fits a schema.</summary>
internal sealed class JsonSchemaValidator : ChoiceValidator
{
    private static readonly JsonElement AnyObject = JsonDocument.Parse("""{"type":"object"}""").RootElement;

    private readonly SchemaCheckOptions options;
    private readonly SchemaCache schemas;

    public JsonSchemaValidator(SchemaCheckOptions options) : base("json_schema")
    {
        this.options = options;
        schemas = new SchemaCache(schema => schema, options.Formats);
        if (options.From == SchemaSource.Route && options.Schema is null) throw ProblemException.Invalid("'from: route' needs the option 'schema'.", "schema");
        if (options.From == SchemaSource.Request && options.Schema is not null) throw ProblemException.Invalid("'from: request' and a 'schema' contradict each other.", "schema");
        if (options.Schema is { } schema) schemas.Get(schema);
    }

    public override string Description =>
        $"The answer is JSON{(options.Mend ? " (near-JSON is mended)" : "")} and fits the {(options.Schema is null ? "request's" : "route's")} schema.";

    public override bool Mends => options.Mend;

    public override IPrefixJudge? JudgePrefix(ValidationContext context)
    {
        if (SchemaOf(context.Request) is not { } schema || !TryCompile(schema, out var compiled, out _)) return null;
        return new TextPrefixJudge(() => new SchemaWatch(compiled!, options.Mend));
    }

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        if (SchemaOf(context.Request) is not { } schema) return Ruling.Unknown("The request names no JSON schema (response_format), and the route gives none.");
        if (!TryCompile(schema, out var compiled, out string? problem)) return Ruling.Unknown(problem!);
        var reading = options.Mend ? NearJson.Read(choice.Text) : NearJson.ReadStrict(choice.Text);
        if (reading.Value is not { } value) return Ruling.Wrong(new Finding(reading.Error!));
        try
        {
            var findings = compiled!.Validate(value);
            if (findings.Count > 0) return Ruling.Wrong([.. findings.Select(finding => new Finding(Worded(finding), finding.Where))]);
        }
        catch (SchemaLimitException limit)
        {
            return Ruling.Unknown(limit.Message);
        }

        return reading.Mends.Count == 0 ? Ruling.Fine : new Ruling([], choice with { Text = value.GetRawText() });
    }

    /// <summary>The finding with its place in words: models mend "the value at /lines/0" better than a bare pointer.</summary>
    public static string Worded(SchemaFinding finding) => finding.Where.Length == 0 ? $"The answer {finding.Message}." : $"The value at {finding.Where} {finding.Message}.";

    private JsonElement? SchemaOf(ChatRequest request) => options.Schema ?? request.ResponseFormat switch
    {
        { Kind: ResponseFormatKind.JsonSchema, Schema: { } schema } => schema,
        { Kind: ResponseFormatKind.JsonObject } => AnyObject,
        _ => null,
    };

    private bool TryCompile(JsonElement schema, out JsonSchema? compiled, out string? problem)
    {
        try
        {
            (compiled, problem) = (schemas.Get(schema), null);
            return true;
        }
        catch (ProblemException exception)
        {
            (compiled, problem) = (null, exception.Message);
            return false;
        }
        catch (SchemaLimitException exception)
        {
            (compiled, problem) = (null, exception.Message);
            return false;
        }
    }
}
