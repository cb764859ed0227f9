using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>A matrix and, where the file has one, its bias.</summary>
internal sealed unsafe class Projection
{
    private readonly WeightMatrix weights;
    private readonly NativeBuffer? bias;

    public Projection(WeightLoader loader, string name, int rows, int columns)
    {
        weights = loader.Matrix(name + ".weight", rows, columns);
        bias = loader.OptionalVector(name + ".bias", weights.Rows);
    }

    public int Rows => weights.Rows;

    /// <summary>As <see cref="Run"/>, for an input of one row.</summary>
    public void RunOne(ForwardContext context, float* target)
    {
        context.Product.Multiply(weights, target, weights.Rows);
        if (bias is not null) VectorMath.Add(target, bias.Floats, weights.Rows);
    }

    /// <summary>Multiplies the input of the context's product.</summary>
    public void Run(ForwardContext context, float* target, int stride)
    {
        context.Product.Multiply(weights, target, stride);
        if (bias is null) return;
        for (int row = 0; row < context.Rows; row++) VectorMath.Add(target + (long)row * stride, bias.Floats, weights.Rows);
    }
}

/// <summary>Room for the projections of attention, shared by all layers.</summary>
internal sealed unsafe class AttentionSpace
{
    public AttentionSpace(ForwardContext context)
    {
        LayerShape[] layers = context.Shape.Layers;
        Projected = context.Reserve(layers.Max(static layer => (long)layer.Heads * layer.KeyLength + (long)layer.KvHeads * (layer.KeyLength + layer.ValueLength)));
        Mixed = context.Reserve(layers.Max(static layer => (long)layer.Heads * layer.ValueLength));
        Gated = context.Reserve(context.Shape.GatedQuery ? layers.Max(static layer => 2L * layer.Heads * layer.KeyLength) : 0);
    }

    public float* Projected { get; }

    public float* Mixed { get; }

    public float* Gated { get; }
}
