using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;

namespace Countersign.Engine;

/// <summary>Which formats of weights the engine computes with.</summary>
public static class WeightFormats
{
    private static readonly TensorType[] Known = [.. Enum.GetValues<TensorType>().Where(Dequantize.Supports).OrderDescending()];

    /// <summary>Their names, as GGUF files have them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(static type => type.ToString())];

    /// <summary>Whether files of a quantisation can be read, by the name that it has among those who publish them (<c>Q4_K_M</c>, <c>UD-Q4_K_XL</c>, <c>IQ3_XXS</c>).
    /// What a mixture holds besides is only seen in the file itself.</summary>
    public static bool Reads(string quantisation)
    {
        string name = quantisation.ToUpperInvariant();
        if (name.StartsWith("UD-", StringComparison.Ordinal)) name = name[3..];
        return name is "FP16" or "Q8_K_XL" || Names.Any(known => name == known || (name.StartsWith(known + "_", StringComparison.Ordinal) && name[(known.Length + 1)..].All(char.IsAsciiLetter)));
    }

    /// <summary>The formats of a file's tensors that cannot be read.</summary>
    internal static IReadOnlyList<string> UnreadIn(GgufFile file) => [.. file.Tensors.Select(static tensor => tensor.Type).Distinct().Where(static type => !Dequantize.Supports(type)).Order().Select(static type => type.ToString())];

    /// <summary>What cannot be read, in words, and what to do.</summary>
    public static string Refusal(IReadOnlyList<string> formats) =>
        $"the engine does not compute with weights in {string.Join(", ", formats)}. It reads {string.Join(", ", Names)}: fetch another quantisation, such as Q4_K_M.";
}
