using System.ComponentModel;
using System.Text.Json;

namespace Countersign.Cascade.Validators.Structure;

/// <summary>Where the schema comes from.</summary>
internal enum SchemaSource { Request, Route }

/// <summary>Options of <c>json_schema</c>.</summary>
internal sealed record SchemaCheckOptions
{
    /// <summary>Where the schema comes from.</summary>
    [Description("Where the schema comes from: request (its response_format) or route (the option schema).")]
    public SchemaSource? From { get; set; }

    /// <summary>The schema, where the route gives it.</summary>
    [Description("The JSON schema (draft 2020-12) that the answer must fit; without it, the request's.")]
    public JsonElement? Schema { get; set; }

    /// <summary>Whether near-JSON is mended before the verdict.</summary>
    [Description("Whether near-JSON (code fences, trailing commas, single quotes, LaTeX backslashes, text around) is mended before the verdict. Default: true.")]
    public bool Mend { get; set; } = true;

    /// <summary>Whether <c>format</c> is checked.</summary>
    [Description("Whether the schema's format (date, email, uuid, ...) is checked. Default: false.")]
    public bool Formats { get; set; }
}
