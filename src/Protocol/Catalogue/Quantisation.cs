namespace Countersign.Protocol.Catalogue;

/// <summary>A form in which weights are kept.</summary>
/// <param name="Name">Its name, as in GGUF files.</param>
/// <param name="BitsPerWeight">Bits of a weight, scales included. Of a mixture (<c>_K_S</c>, <c>_K_M</c>): the average of an 8-billion-weight Llama, as llama.cpp's quantize tool documents it.</param>
/// <param name="IsMixture">Whether layers differ, the output matrix included; else that matrix alone is kept in <see cref="OutputBits"/>.</param>
public sealed record Quantisation(string Name, double BitsPerWeight, bool IsMixture = false)
{
    private const double OutputBits = 8.5; // Q8_0, the largest that tools choose for it.

    /// <summary>All that are known, the smallest first.</summary>
    public static IReadOnlyList<Quantisation> All { get; } =
    [
        new("Q2_K", 3.16, true), new("Q3_K_S", 3.64, true), new("Q3_K_M", 4.00, true), new("MXFP4", 4.25), new("IQ4_XS", 4.46, true), new("Q4_0", 4.5), new("Q4_K_S", 4.67, true), new("Q4_K_M", 4.89, true),
        new("Q4_1", 5.0), new("Q5_0", 5.5), new("Q5_K_S", 5.57, true), new("Q5_K_M", 5.70, true), new("Q5_1", 6.0), new("Q6_K", 6.56), new("Q8_0", 8.5), new("F16", 16), new("BF16", 16),
    ];

    /// <summary>The one of a name, in any case; <c>null</c>: none.</summary>
    public static Quantisation? Find(string name) => All.FirstOrDefault(form => form.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Bytes of so many weights.</summary>
    /// <param name="weights">How many.</param>
    /// <param name="shape">The model's shape, for its output matrix; <c>null</c> where it is not known.</param>
    public long BytesOf(long weights, ContextShape? shape)
    {
        long output = IsMixture || BitsPerWeight > OutputBits ? 0 : Math.Min(weights, (long)(shape?.Vocabulary ?? 0) * (shape?.Width ?? 0));
        return (long)(((weights - output) * BitsPerWeight + output * OutputBits) / 8);
    }
}
