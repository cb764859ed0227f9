using System.ComponentModel;

namespace Countersign.Cascade.Validators.Facts;

/// <summary>Options of <c>expression</c>.</summary>
internal sealed record ExpressionOptions
{
    /// <summary>What must hold of the answer.</summary>
    [Description("Expressions over the JSON answer that must all be true: total == sum(lines[*].amount), currency in [\"EUR\", \"USD\"].")]
    public required IReadOnlyList<string> Checks { get; set; }

    /// <summary>How far two numbers may differ and still be equal.</summary>
    [Description("How far apart two numbers may be and still be equal. Default: 0.005, half a cent.")]
    public decimal Tolerance { get; set; } = 0.005m;
}
