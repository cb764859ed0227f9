using Countersign.Cascade.JsonSchemas;

namespace Countersign.Cascade.Validators.Structure;

/// <summary>Watches JSON grow and condemns it as soon as no continuation can fit the schema.</summary>
internal sealed class SchemaWatch(JsonSchema schema, bool mends) : ITextWatch
{
    private readonly SchemaPrefix prefix = new(schema, mends);

    public Finding? See(string text) => prefix.Read(text) is { } finding ? new Finding(JsonSchemaValidator.Worded(finding), finding.Where) : null;
}
