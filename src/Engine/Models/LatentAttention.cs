using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>Multi-head latent attention (https://arxiv.org/abs/2405.04434) in its absorbed form: queries are carried into the
/// latent space, so that one compressed key head serves all heads.</summary>
internal sealed unsafe class LatentAttention : IMixer
{
    private readonly ForwardContext context;
    private readonly LayerShape shape;
    private readonly AttentionCore core;
    private readonly Projection? queryDown;
    private readonly Normalisation? queryNorm;
    private readonly Projection queryUp;
    private readonly Projection latentDown;
    private readonly Normalisation latentNorm;
    private readonly WeightMatrix[] keyUp;
    private readonly WeightMatrix[] valueUp;
    private readonly Projection output;
    private readonly RopeTable rope;
    private readonly Action<int, int> prepare;
    private readonly int latent;
    private readonly int rotated;
    private readonly int plain;
    private readonly int headLength;
    private readonly int valueLength;
    private readonly float* compressed;
    private readonly float* heads;
    private readonly float* latents;
    private readonly float* queries;
    private readonly float* mixed;
    private readonly float* values;

    public LatentAttention(ForwardContext context, WeightLoader loader, int layer, LatentSpace space)
    {
        (this.context, shape) = (context, context.Shape.Layers[layer]);
        string prefix = $"blk.{layer}.";
        int width = context.Shape.Width;
        rope = context.Ropes[0]!;
        (latent, rotated) = (context.Shape.LatentRank, rope.Dimensions);
        plain = space.Plain;
        headLength = plain + rotated;
        valueLength = space.ValueLength;
        if (loader.Has(prefix + "attn_q_a.weight"))
        {
            queryDown = new Projection(loader, prefix + "attn_q_a", space.QueryRank, width);
            queryNorm = Normalisation.Optional(context, loader, prefix + "attn_q_a_norm", space.QueryRank);
            queryUp = new Projection(loader, prefix + "attn_q_b", shape.Heads * headLength, space.QueryRank);
        }
        else queryUp = new Projection(loader, prefix + "attn_q", shape.Heads * headLength, width);

        latentDown = new Projection(loader, prefix + "attn_kv_a_mqa", latent + rotated, width);
        latentNorm = Normalisation.Required(context, loader, prefix + "attn_kv_a_norm", latent);
        keyUp = loader.Matrices(prefix + "attn_k_b.weight", latent, plain, shape.Heads);
        valueUp = loader.Matrices(prefix + "attn_v_b.weight", valueLength, latent, shape.Heads);
        output = new Projection(loader, prefix + "attn_output", width, shape.Heads * valueLength);
        core = new AttentionCore(context, layer, null);
        compressed = space.Compressed;
        heads = space.Heads;
        latents = space.Latents;
        queries = space.Queries;
        mixed = space.Mixed;
        values = space.Values;
        prepare = PrepareRow;
    }

    public void Run(float* input, float* result)
    {
        int width = context.Shape.Width, rows = context.Rows, allHeads = shape.Heads * headLength, queryStride = shape.Heads * (latent + rotated);
        context.Product.Input(input, width, rows, width);
        latentDown.Run(context, latents, latent + rotated);
        if (queryDown is null) queryUp.Run(context, heads, allHeads);
        else
        {
            queryDown.Run(context, compressed, queryDown.Rows);
            queryNorm?.Run(compressed, compressed);
            context.Product.Input(compressed, queryDown.Rows, rows, queryDown.Rows);
            queryUp.Run(context, heads, allHeads);
        }

        for (int head = 0; head < shape.Heads; head++)
        {
            context.Product.Input(heads + head * headLength, allHeads, rows, plain);
            context.Product.Multiply(keyUp[head], queries + head * (latent + rotated), queryStride);
        }

        context.EachRow(prepare);
        core.Store(latents, latent + rotated, latents, latent + rotated);
        core.Run(queries, queryStride, mixed);
        for (int head = 0; head < shape.Heads; head++)
        {
            context.Product.Input(mixed + head * latent, shape.Heads * latent, rows, latent);
            context.Product.Multiply(valueUp[head], values + head * valueLength, shape.Heads * valueLength);
        }

        context.Product.Input(values, shape.Heads * valueLength, rows, shape.Heads * valueLength);
        output.Run(context, result, width);
    }

    public void Dispose() => core.Dispose();

    private void PrepareRow(int row, int worker)
    {
        float* key = latents + (long)row * (latent + rotated);
        latentNorm.Row(key, key);
        rope.Rotate(key + latent, row);
        for (int head = 0; head < shape.Heads; head++)
        {
            float* target = queries + ((long)row * shape.Heads + head) * (latent + rotated) + latent;
            Buffer.MemoryCopy(heads + ((long)row * shape.Heads + head) * headLength + plain, target, rotated * 4L, rotated * 4L);
            rope.Rotate(target, row);
        }
    }
}

/// <summary>Sizes and room for latent attention, shared by all layers.</summary>
internal sealed unsafe class LatentSpace
{
    public LatentSpace(ForwardContext context, ShapeReader reader)
    {
        int heads = context.Shape.Layers[0].Heads, rotated = context.Shape.Rope.Dimensions, latent = context.Shape.LatentRank;
        QueryRank = reader.Int32("attention.q_lora_rank", 0);
        Plain = reader.Required("attention.key_length_mla") - rotated;
        ValueLength = reader.Required("attention.value_length_mla");
        if (Plain < 1 || ValueLength < 1 || (long)heads * Math.Max(Plain + rotated, ValueLength) > int.MaxValue / 4) throw new GgufException("attention.key_length_mla", $"{Plain + rotated} numbers of a key, {rotated} of them rotated, {ValueLength} of a value.");
        Compressed = context.Reserve(QueryRank);
        Heads = context.Reserve((long)heads * (Plain + rotated));
        Latents = context.Reserve(latent + rotated);
        Queries = context.Reserve((long)heads * (latent + rotated));
        Mixed = context.Reserve((long)heads * latent);
        Values = context.Reserve((long)heads * ValueLength);
    }

    public int QueryRank { get; }

    public int Plain { get; }

    public int ValueLength { get; }

    public float* Compressed { get; }

    public float* Heads { get; }

    public float* Latents { get; }

    public float* Queries { get; }

    public float* Mixed { get; }

    public float* Values { get; }
}
