using Countersign.Engine.Kernels;

namespace Countersign.Engine.Models;

/// <summary>Lightning attention (https://arxiv.org/abs/2501.08313), position by position: state (head, key, value) =
/// state * exp(-slope) + key * value, and the output is normalised and gated.</summary>
internal sealed unsafe class LightningAttention : IMixer
{
    private readonly ForwardContext context;
    private readonly LayerShape shape;
    private readonly Projection projection;
    private readonly Projection gate;
    private readonly Projection output;
    private readonly Normalisation norm;
    private readonly int layer;
    private readonly int length;
    private readonly float* projected;
    private readonly float* gates;
    private readonly float* mixed;
    private readonly float[] keep;

    public LightningAttention(ForwardContext context, WeightLoader loader, int layer, RecurrentSpace space)
    {
        (this.context, this.layer, shape) = (context, layer, context.Shape.Layers[layer]);
        string prefix = $"blk.{layer}.";
        int width = context.Shape.Width;
        length = shape.Heads * shape.KeyLength;
        projection = new Projection(loader, prefix + "attn_qkv", 3 * length, width);
        gate = new Projection(loader, prefix + "attn_gate", length, width);
        norm = Normalisation.Required(context, loader, prefix + "attn_norm_2", length);
        output = new Projection(loader, prefix + "attn_output", width, length);
        projected = space.Projected(3 * length);
        mixed = space.Mixed(length);
        gates = context.Reserve(length);
        keep = new float[shape.Heads];
        float depth = 1f - layer / (float)Math.Max(1, context.Shape.Layers.Length - 1) + 1e-5f;
        for (int head = 0; head < keep.Length; head++) keep[head] = MathF.Exp(-MathF.Pow(2f, -8f * (head + 1) / shape.Heads) * depth);
    }

    public void Run(float* from, float* to)
    {
        int width = context.Shape.Width;
        context.Product.Input(from, width, context.Rows, width);
        projection.Run(context, projected, 3 * length);
        gate.Run(context, gates, length);
        foreach (BatchRun run in context.Batch.Runs)
        {
            float* state = run.Sequence.Recurrent(layer, (long)length * shape.KeyLength);
            for (int row = run.Row; row < run.Row + run.Count; row++) Step(row, state);
        }

        context.Product.Input(mixed, length, context.Rows, length);
        output.Run(context, to, width);
    }

    public void Dispose()
    {
    }

    private void Step(int row, float* state)
    {
        float* line = projected + (long)row * 3 * length, y = mixed + (long)row * length, g = gates + (long)row * length;
        int size = shape.KeyLength;
        VectorMath.Silu(line, 3 * length);
        for (int head = 0; head < shape.Heads; head++)
        {
            float* q = line + head * 3 * size, k = q + size, v = k + size, target = y + head * size;
            new Span<float>(target, size).Clear();
            for (int i = 0; i < size; i++)
            {
                float* cells = state + ((long)head * size + i) * size;
                VectorMath.Scale(cells, cells, keep[head], size);
                VectorMath.AddScaled(cells, v, k[i], size);
                VectorMath.AddScaled(target, cells, q[i], size);
            }
        }

        norm.Row(y, y);
        VectorMath.Sigmoid(g, length);
        VectorMath.Multiply(y, g, length);
    }
}
