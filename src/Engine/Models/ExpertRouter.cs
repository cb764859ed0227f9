using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>Chooses the experts of every token and their weights. Ties go to the lower expert.</summary>
internal sealed unsafe class ExpertRouter
{
    private const float SmallestSum = 6.103515625e-5f; // llama.cpp's lower bound: the smallest normal binary16

    private readonly ForwardContext context;
    private readonly ExpertShape shape;
    private readonly Projection router;
    private readonly NativeBuffer? selectionBias;
    private readonly float* scores;
    private readonly float[] ranks;

    public ExpertRouter(ForwardContext context, WeightLoader loader, int layer)
    {
        (this.context, shape) = (context, context.Shape.Experts);
        router = new Projection(loader, $"blk.{layer}.ffn_gate_inp", shape.Count, context.Shape.Width);
        selectionBias = loader.OptionalVector($"blk.{layer}.exp_probs_b.bias", shape.Count);
        scores = context.Reserve(shape.Count);
        ranks = new float[shape.Count];
        Chosen = new int[context.MaxRows * shape.Used];
        Weights = new float[context.MaxRows * shape.Used];
    }

    /// <summary>(row, used): the numbers of the experts.</summary>
    public int[] Chosen { get; }

    /// <summary>(row, used): their weights.</summary>
    public float[] Weights { get; }

    public void Choose(float* input)
    {
        context.Product.Input(input, context.Shape.Width, context.Rows, context.Shape.Width);
        router.Run(context, scores, shape.Count);
        for (int row = 0; row < context.Rows; row++) ChooseRow(scores + (long)row * shape.Count, row * shape.Used);
    }

    private void ChooseRow(float* probabilities, int slot)
    {
        if (shape.Gating == ExpertGating.Softmax) Softmax(probabilities, shape.Count);
        else if (shape.Gating == ExpertGating.Sigmoid) VectorMath.Sigmoid(probabilities, shape.Count);
        for (int i = 0; i < shape.Count; i++)
        {
            float rank = probabilities[i] + (selectionBias is null ? 0 : selectionBias.Floats[i]);
            ranks[i] = rank >= float.MinValue ? rank : float.MinValue; // Also NaN: an expert is never chosen twice.
        }

        if (shape.Groups > 1) KeepBestGroups();
        float sum = 0;
        for (int i = 0; i < shape.Used; i++)
        {
            int best = Best(0, shape.Count);
            ranks[best] = float.NegativeInfinity;
            Chosen[slot + i] = best;
            sum += Weights[slot + i] = probabilities[best];
        }

        if (shape.Gating == ExpertGating.SoftmaxOfSelected) fixed (float* weights = &Weights[slot]) Softmax(weights, shape.Used);
        float factor = (shape.Normalise ? 1f / MathF.Max(sum, SmallestSum) : 1f) * shape.Scale;
        for (int i = 0; i < shape.Used; i++) Weights[slot + i] *= factor;
    }

    /// <summary>DeepSeek-V3: a group counts as much as its two best experts; the experts of all other groups are out.</summary>
    private void KeepBestGroups()
    {
        int size = shape.Count / shape.Groups;
        Span<float> groups = stackalloc float[shape.Groups];
        for (int g = 0; g < groups.Length; g++)
        {
            int best = Best(g * size, size);
            float first = ranks[best], second = float.NegativeInfinity;
            for (int i = g * size; i < (g + 1) * size; i++) if (i != best) second = MathF.Max(second, ranks[i]);
            groups[g] = size > 1 ? first + second : first;
        }

        for (int dropped = shape.Groups - shape.GroupsUsed; dropped > 0; dropped--)
        {
            int worst = -1;
            for (int g = groups.Length - 1; g >= 0; g--) if (!float.IsPositiveInfinity(groups[g]) && (worst < 0 || groups[g] < groups[worst])) worst = g;
            groups[worst] = float.PositiveInfinity;
            ranks.AsSpan(worst * size, size).Fill(float.NegativeInfinity);
        }
    }

    private int Best(int start, int count)
    {
        int best = start;
        for (int i = start + 1; i < start + count; i++) if (ranks[i] > ranks[best]) best = i;
        return best;
    }

    private static void Softmax(float* values, int count)
    {
        float sum = VectorMath.Exponentials(values, count, null);
        VectorMath.Scale(values, values, 1f / sum, count);
    }
}
