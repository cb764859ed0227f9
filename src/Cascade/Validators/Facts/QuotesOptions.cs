using System.ComponentModel;

namespace Countersign.Cascade.Validators.Facts;

/// <summary>Which part of a request counts as its input.</summary>
internal enum QuoteInput { All, Last }

/// <summary>Options of <c>quotes</c>.</summary>
internal sealed record QuotesOptions
{
    /// <summary>Fields of a JSON answer that must occur in the input.</summary>
    [Description("Fields of a JSON answer whose values must occur in the request's text, as paths: vendor, lines[*].name. Each must be there; null says that the request does not state it.")]
    public IReadOnlyList<string> Fields { get; set; } = [];

    /// <summary>Whether what stands in quotation marks must occur in the input.</summary>
    [Description("Whether everything that the answer puts in quotation marks must occur in the request's text. Default: only where no fields are named.")]
    public bool? Quoted { get; set; }

    /// <summary>Which part of the request counts.</summary>
    [Description("Where it must occur: all (everything but the model's own turns) or last (the last user message alone, so that worked examples before it do not count). Default: all.")]
    public QuoteInput Input { get; set; } = QuoteInput.All;

    /// <summary>The fewest characters of a quoted span that is looked up.</summary>
    [Description("Quoted spans shorter than this are not looked up. Default: 12 characters.")]
    public int MinLength { get; set; } = 12;
}
