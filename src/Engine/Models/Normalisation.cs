using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>RMSNorm or LayerNorm, over rows or over parts of rows (heads).</summary>
internal sealed unsafe class Normalisation
{
    private readonly ForwardContext context;
    private readonly NativeBuffer weights;
    private readonly NativeBuffer? bias;
    private readonly int length;
    private readonly Action<int, int> normalise;
    private float* source;
    private float* target;

    public Normalisation(ForwardContext context, NativeBuffer weights, NativeBuffer? bias)
    {
        (this.context, this.weights, this.bias) = (context, weights, bias);
        length = (int)(weights.ByteCount / sizeof(float));
        normalise = (row, _) => Row(source + (long)row * length, target + (long)row * length);
    }

    public int Length => length;

    public static Normalisation? Optional(ForwardContext context, WeightLoader loader, string name, int length) => loader.Has(name + ".weight")
        ? new Normalisation(context, loader.Vector(name + ".weight", length), loader.OptionalVector(name + ".bias", length))
        : null;

    /// <exception cref="Gguf.GgufException">The file has no such tensor, or it has another length.</exception>
    public static Normalisation Required(ForwardContext context, WeightLoader loader, string name, int length) => new(context, loader.Vector(name + ".weight", length), loader.OptionalVector(name + ".bias", length));

    /// <summary>Normalises every row of the batch; the rows lie one behind the other.</summary>
    public void Run(float* from, float* to)
    {
        source = from;
        target = to;
        context.EachRow(normalise);
    }

    /// <summary>Normalises one vector.</summary>
    public void Row(float* from, float* to)
    {
        if (context.Shape.CentredNorm) VectorMath.LayerNorm(from, weights.Floats, bias is null ? null : bias.Floats, to, length, context.Shape.NormEpsilon);
        else VectorMath.RmsNorm(from, weights.Floats, to, length, context.Shape.NormEpsilon);
    }

    /// <summary>Normalises <paramref name="count"/> numbers in pieces of this norm's length, in place.</summary>
    public void Pieces(float* values, int count)
    {
        for (int start = 0; start < count; start += length) Row(values + start, values + start);
    }
}
