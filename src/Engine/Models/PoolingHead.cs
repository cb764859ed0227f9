using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;

namespace Countersign.Engine.Models;

/// <summary>Makes one vector of the vectors of a text, as the model was trained: mean, first, last; then the layers behind it.</summary>
internal sealed unsafe class PoolingHead
{
    private readonly ForwardContext context;
    private readonly Projection?[] dense = new Projection?[2];
    private readonly Projection? pooler;
    private readonly Projection? classifier;

    public PoolingHead(ForwardContext context, WeightLoader loader)
    {
        this.context = context;
        int width = context.Shape.Width;
        if (loader.Has("dense_2.weight")) dense[0] = new Projection(loader, "dense_2", 0, width);
        if (loader.Has("dense_3.weight")) dense[1] = new Projection(loader, "dense_3", 0, dense[0]?.Rows ?? width);
        if (loader.Has("cls.weight")) pooler = new Projection(loader, "cls", width, width);
        if (loader.Has("cls.output.weight")) classifier = new Projection(loader, "cls.output", 0, width);
        if ((pooler ?? classifier) is not null && (dense[0] ?? dense[1]) is not null) throw new GgufException("cls.weight", "is there beside dense layers; such a model is not known.");
        Length = classifier?.Rows ?? dense[1]?.Rows ?? dense[0]?.Rows ?? width;
    }

    /// <summary>Length of a pooled vector.</summary>
    public int Length { get; }

    /// <summary>Pools the rows of one run of the last batch; not normalised.</summary>
    public float[] Pool(BatchRun run, float* hidden, PoolingKind kind)
    {
        int width = context.Shape.Width;
        var pooled = new float[width];
        fixed (float* target = pooled)
        {
            if (kind == PoolingKind.Mean)
            {
                for (int i = 0; i < run.Count; i++) VectorMath.AddScaled(target, hidden + (long)(run.Row + i) * width, 1f / run.Count, width);
            }
            else
            {
                int row = kind is PoolingKind.Cls or PoolingKind.Rank ? run.Row : run.Row + run.Count - 1;
                VectorMath.Add(target, hidden + (long)row * width, width);
            }
        }

        foreach (Projection? layer in dense) if (layer is not null) pooled = Apply(layer, pooled);
        if (kind != PoolingKind.Rank) return pooled;
        if (pooler is not null)
        {
            pooled = Apply(pooler, pooled);
            for (int i = 0; i < pooled.Length; i++) pooled[i] = MathF.Tanh(pooled[i]);
        }

        return classifier is null ? pooled : Apply(classifier, pooled);
    }

    private float[] Apply(Projection projection, float[] input)
    {
        var output = new float[projection.Rows];
        fixed (float* from = input, to = output)
        {
            context.Product.Input(from, input.Length, 1, input.Length);
            projection.RunOne(context, to);
        }

        return output;
    }
}
