using Countersign.Engine.Gguf;

namespace Countersign.Engine.Models;

/// <summary>Refuses shapes that contradict themselves. What computes relies on it: it works with pointers, and checks no more than that the tensors have the sizes that follow from the shape.</summary>
internal static class ShapeChecks
{
    private const long MostNumbers = 1 << 20; // Of one row; the largest known models have less than a tenth of it.

    /// <exception cref="GgufException">The message says which layer, and what contradicts what.</exception>
    public static void Require(GgufFile file, ModelShape shape)
    {
        for (int i = 0; i < shape.Layers.Length; i++)
        {
            if (ProblemOf(shape, i) is { } problem) throw new GgufException(Path.GetFileName(file.Path), $"layer {i} of {shape.Architecture}: {problem}.");
        }

        if (shape.Width > MostNumbers || (long)shape.PerLayerWidth * shape.Layers.Length > MostNumbers) throw new GgufException(Path.GetFileName(file.Path), $"rows of {shape.Width} numbers are more than can be served.");
    }

    private static string? ProblemOf(ModelShape shape, int index)
    {
        LayerShape layer = shape.Layers[index];
        return layer.Mixer switch
        {
            MixerKind.Attention => ProblemOfHeads(layer) ?? ProblemOfRope(shape, layer) ?? ProblemOfSource(shape, layer, index)
                ?? (shape.GatedQuery && layer.KeyLength != layer.ValueLength ? $"keys of {layer.KeyLength} numbers, values of {layer.ValueLength}, though a gate lies over both" : null),
            MixerKind.LatentAttention => ProblemOfHeads(layer) ?? ProblemOfLatent(shape, layer),
            MixerKind.LightningAttention => ProblemOfHeads(layer),
            MixerKind.None => null,
            _ => ProblemOfRecurrence(shape, layer.Mixer),
        };
    }

    private static string? ProblemOfHeads(LayerShape layer)
    {
        if (layer.Heads < 1 || layer.KvHeads < 1 || layer.Heads % layer.KvHeads != 0) return $"{layer.Heads} heads, {layer.KvHeads} key heads";
        if (layer.KeyLength < 1 || layer.ValueLength < 1) return $"keys of {layer.KeyLength} numbers, values of {layer.ValueLength}";
        return 3L * layer.Heads * Math.Max(layer.KeyLength, layer.ValueLength) > MostNumbers ? $"{layer.Heads} heads of {layer.KeyLength} numbers are more than can be served" : null;
    }

    private static string? ProblemOfRope(ModelShape shape, LayerShape layer)
    {
        if (layer.Rope < 0) return null;
        int rotated = (layer.Rope == 0 ? shape.Rope : shape.LocalRope).Dimensions;
        return rotated > layer.KeyLength || rotated % 2 != 0 ? $"{rotated} numbers are rotated of keys of {layer.KeyLength}" : null;
    }

    private static string? ProblemOfSource(ModelShape shape, LayerShape layer, int index)
    {
        if (layer.KvSource == index) return null;
        if (layer.KvSource < 0 || layer.KvSource > index) return $"takes keys of layer {layer.KvSource}";
        LayerShape source = shape.Layers[layer.KvSource];
        bool agrees = source.Mixer == layer.Mixer && source.KvSource == layer.KvSource && (source.KvHeads, source.KeyLength, source.ValueLength) == (layer.KvHeads, layer.KeyLength, layer.ValueLength);
        return agrees ? null : $"takes keys of layer {layer.KvSource}, whose have another shape";
    }

    private static string? ProblemOfLatent(ModelShape shape, LayerShape layer)
    {
        if (shape.LatentRank < 1 || layer.Rope != 0 || layer.KeyLength != shape.LatentRank + shape.Rope.Dimensions) return $"a latent space of {shape.LatentRank} numbers, keys of {layer.KeyLength}, {shape.Rope.Dimensions} rotated";
        return layer.Heads == shape.Layers[0].Heads ? null : $"{layer.Heads} heads, {shape.Layers[0].Heads} in the first layer";
    }

    private static string? ProblemOfRecurrence(ModelShape shape, MixerKind mixer)
    {
        if (shape.Recurrent is not { } recurrent) return "is recurrent, but the file does not say of what shape";
        if (recurrent.ConvKernel < 1 || recurrent.ConvKernel > MostNumbers / shape.Width) return $"a convolution over {recurrent.ConvKernel} positions";
        if (mixer == MixerKind.ShortConvolution) return null;
        bool divides = recurrent.Groups > 0 && recurrent.Heads > 0 && recurrent.StateSize > 0 && recurrent.InnerSize % recurrent.Heads == 0 && recurrent.Heads % recurrent.Groups == 0 && recurrent.InnerSize % recurrent.Groups == 0;
        long channels = recurrent.InnerSize + 2L * recurrent.Groups * recurrent.StateSize;
        return divides && 2 * channels <= MostNumbers && channels * recurrent.ConvKernel <= int.MaxValue ? null : $"{recurrent.InnerSize} numbers for {recurrent.Heads} heads in {recurrent.Groups} groups of {recurrent.StateSize}";
    }
}
