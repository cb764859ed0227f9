using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>Multi-head or grouped-query attention: projections (separate or fused), biases, query and key norms, rope, output gate.</summary>
internal sealed unsafe class SelfAttention : IMixer
{
    private readonly ForwardContext context;
    private readonly LayerShape shape;
    private readonly AttentionCore core;
    private readonly Projection? fused;
    private readonly Projection? query;
    private readonly Projection? key;
    private readonly Projection? value;
    private readonly Projection output;
    private readonly Normalisation? queryNorm;
    private readonly Normalisation? keyNorm;
    private readonly RopeTable? rope;
    private readonly Action<int, int> prepare;
    private readonly int queryLength;
    private readonly int keyLength;
    private readonly int valueLength;
    private readonly bool ownKeys;
    private readonly float* projected;
    private readonly float* gated;
    private readonly float* mixed;
    private readonly int stride;

    public SelfAttention(ForwardContext context, WeightLoader loader, int layer, AttentionSpace space)
    {
        (this.context, shape) = (context, context.Shape.Layers[layer]);
        string prefix = $"blk.{layer}.";
        int width = context.Shape.Width;
        (queryLength, keyLength, valueLength) = (shape.Heads * shape.KeyLength, shape.KvHeads * shape.KeyLength, shape.KvHeads * shape.ValueLength);
        ownKeys = shape.KvSource == layer;
        if (loader.Has(prefix + "attn_qkv.weight")) fused = new Projection(loader, prefix + "attn_qkv", queryLength + keyLength + valueLength, width);
        else
        {
            query = new Projection(loader, prefix + "attn_q", context.Shape.GatedQuery ? 2 * queryLength : queryLength, width);
            if (ownKeys)
            {
                key = new Projection(loader, prefix + "attn_k", keyLength, width);
                value = new Projection(loader, prefix + "attn_v", valueLength, width);
            }
            else loader.Ignore(prefix + "attn_k.weight", prefix + "attn_v.weight");
        }

        output = new Projection(loader, prefix + "attn_output", width, shape.Heads * shape.ValueLength);
        queryNorm = HeadNorm(loader, prefix + "attn_q_norm", shape.Heads);
        keyNorm = HeadNorm(loader, prefix + "attn_k_norm", shape.KvHeads);
        rope = shape.Rope < 0 ? null : context.Ropes[shape.Rope];
        core = new AttentionCore(context, layer, loader.OptionalVector(prefix + "attn_sinks.weight", shape.Heads));
        stride = queryLength + keyLength + valueLength;
        projected = space.Projected;
        gated = space.Gated;
        mixed = space.Mixed;
        prepare = PrepareRow;
    }

    public void Run(float* input, float* result)
    {
        context.Product.Input(input, context.Shape.Width, context.Rows, context.Shape.Width);
        if (fused is not null) fused.Run(context, projected, stride);
        else
        {
            if (context.Shape.GatedQuery) query!.Run(context, gated, 2 * queryLength);
            else query!.Run(context, projected, stride);
            if (ownKeys)
            {
                key!.Run(context, projected + queryLength, stride);
                value!.Run(context, projected + queryLength + keyLength, stride);
            }
        }

        context.EachRow(prepare);
        if (ownKeys) core.Store(projected + queryLength, stride, projected + queryLength + keyLength, stride);
        core.Run(projected, stride, mixed);
        if (context.Shape.GatedQuery) Gate();
        int mixedLength = shape.Heads * shape.ValueLength;
        context.Product.Input(mixed, mixedLength, context.Rows, mixedLength);
        output.Run(context, result, context.Shape.Width);
    }

    public void Dispose() => core.Dispose();

    private Normalisation? HeadNorm(WeightLoader loader, string name, int heads)
    {
        if (!loader.Has(name + ".weight")) return null;
        long length = loader.Length(name + ".weight");
        return Normalisation.Optional(context, loader, name, length == shape.KeyLength ? shape.KeyLength : heads * shape.KeyLength);
    }

    private void PrepareRow(int row, int worker)
    {
        float* q = projected + (long)row * stride, k = q + queryLength, v = k + keyLength;
        if (context.Shape.GatedQuery) SplitGate(row, q);
        queryNorm?.Pieces(q, queryLength);
        Rotate(q, shape.Heads, row);
        float temperature = Temperature(context.Batch.Positions[row]);
        if (temperature != 1f) VectorMath.Scale(q, q, temperature, queryLength);
        if (!ownKeys) return;
        keyNorm?.Pieces(k, keyLength);
        Rotate(k, shape.KvHeads, row);
        if (!context.Shape.NormaliseValues) return;
        for (int head = 0; head < shape.KvHeads; head++) VectorMath.RmsNorm(v + head * shape.ValueLength, null, v + head * shape.ValueLength, shape.ValueLength, context.Shape.NormEpsilon);
    }

    private void Rotate(float* heads, int count, int row)
    {
        if (rope is null) return;
        for (int head = 0; head < count; head++)
        {
            float* values = heads + head * shape.KeyLength;
            rope.Rotate(values, row);
            if (context.Shape.NormaliseQueryKey) VectorMath.RmsNorm(values, null, values, shape.KeyLength, context.Shape.NormEpsilon);
        }
    }

    private float Temperature(int position)
    {
        ModelShape model = context.Shape;
        if (model.TemperatureScale == 0 || (model.TemperatureOnlyWithoutRope && rope is not null)) return 1f;
        return MathF.Log((position + model.TemperatureOffset) / model.TemperatureFloor + 1f) * model.TemperatureScale + 1f;
    }

    private void SplitGate(int row, float* q)
    {
        float* both = gated + (long)row * 2 * queryLength;
        long bytes = shape.KeyLength * sizeof(float);
        for (int head = 0; head < shape.Heads; head++) Buffer.MemoryCopy(both + head * 2 * shape.KeyLength, q + head * shape.KeyLength, bytes, bytes);
    }

    private void Gate()
    {
        for (int row = 0; row < context.Rows; row++)
        {
            for (int head = 0; head < shape.Heads; head++)
            {
                float* gate = gated + (long)row * 2 * queryLength + (2 * head + 1) * shape.KeyLength;
                VectorMath.Sigmoid(gate, shape.KeyLength);
                VectorMath.Multiply(mixed + ((long)row * shape.Heads + head) * shape.ValueLength, gate, shape.ValueLength);
            }
        }
    }
}
