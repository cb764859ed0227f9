using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>A gated delta-net layer (https://arxiv.org/abs/2412.06464), position by position:
/// state (key, value) decays, then learns the difference between the value and what it already says for the key.</summary>
internal sealed unsafe class DeltaNet : IMixer
{
    private readonly ForwardContext context;
    private readonly RecurrentShape shape;
    private readonly Projection keysAndValues;
    private readonly Projection gate;
    private readonly Projection output;
    private readonly Projection? both;
    private readonly Projection? beta;
    private readonly Projection? alpha;
    private readonly CausalConvolution convolution;
    private readonly float* decay;
    private readonly float* stepBias;
    private readonly Normalisation norm;
    private readonly int layer;
    private readonly int valueLength;
    private readonly float* projected;
    private readonly float* gates;
    private readonly float* rates;
    private readonly float* mixed;
    private readonly float* convolved;
    private readonly float* difference;

    public DeltaNet(ForwardContext context, WeightLoader loader, int layer, RecurrentSpace space)
    {
        (this.context, this.layer, shape) = (context, layer, context.Shape.Recurrent!);
        string prefix = $"blk.{layer}.";
        int width = context.Shape.Width, channels = shape.InnerSize + 2 * shape.Groups * shape.StateSize;
        valueLength = shape.InnerSize / shape.Heads;
        keysAndValues = new Projection(loader, prefix + "attn_qkv", channels, width);
        gate = new Projection(loader, prefix + "attn_gate", shape.InnerSize, width);
        if (loader.Has(prefix + "ssm_ba.weight")) both = new Projection(loader, prefix + "ssm_ba", 2 * shape.Heads, width);
        else
        {
            beta = new Projection(loader, prefix + "ssm_beta", shape.Heads, width);
            alpha = new Projection(loader, prefix + "ssm_alpha", shape.Heads, width);
        }

        convolution = new CausalConvolution(loader, prefix + "ssm_conv1d", shape.ConvKernel, channels);
        stepBias = loader.Vector(prefix + "ssm_dt.bias", shape.Heads).Floats;
        decay = loader.Vector(prefix + "ssm_a", shape.Heads).Floats;
        norm = Normalisation.Required(context, loader, prefix + "ssm_norm", valueLength);
        output = new Projection(loader, prefix + "ssm_out", width, shape.InnerSize);
        projected = space.Projected(channels);
        mixed = space.Mixed(shape.InnerSize);
        gates = context.Reserve(shape.InnerSize);
        rates = context.Reserve(2 * shape.Heads);
        convolved = context.Reserve(1 + channels / context.MaxRows);
        difference = context.Reserve(1 + valueLength / context.MaxRows);
    }

    public void Run(float* from, float* to)
    {
        int width = context.Shape.Width;
        context.Product.Input(from, width, context.Rows, width);
        keysAndValues.Run(context, projected, convolution.Channels);
        gate.Run(context, gates, shape.InnerSize);
        both?.Run(context, rates, 2 * shape.Heads);
        beta?.Run(context, rates, 2 * shape.Heads);
        alpha?.Run(context, rates + shape.Heads, 2 * shape.Heads);
        long stateLength = (long)shape.InnerSize * shape.StateSize;
        foreach (BatchRun run in context.Batch.Runs)
        {
            float* state = run.Sequence.Recurrent(layer, stateLength + convolution.StateLength);
            for (int row = run.Row; row < run.Row + run.Count; row++) Step(row, state, state + stateLength);
        }

        context.Product.Input(mixed, shape.InnerSize, context.Rows, shape.InnerSize);
        output.Run(context, to, width);
    }

    public void Dispose()
    {
    }

    private void Step(int row, float* state, float* convolutionState)
    {
        convolution.Step(convolutionState, projected + (long)row * convolution.Channels, convolved);
        VectorMath.Silu(convolved, convolution.Channels);
        int keys = shape.Groups * shape.StateSize;
        float* q = convolved, k = q + keys, v = k + keys;
        for (int head = 0; head < shape.Groups; head++)
        {
            Normalise(q + head * shape.StateSize, 1f / MathF.Sqrt(shape.StateSize));
            Normalise(k + head * shape.StateSize, 1f);
        }

        float* y = mixed + (long)row * shape.InnerSize, z = gates + (long)row * shape.InnerSize;
        for (int head = 0; head < shape.Heads; head++)
        {
            int keyHead = context.Shape.TiledKeyHeads ? head % shape.Groups : head / (shape.Heads / shape.Groups);
            StepHead(row, head, state + (long)head * shape.StateSize * valueLength, q + keyHead * shape.StateSize, k + keyHead * shape.StateSize, v + head * valueLength, y + head * valueLength);
        }

        norm.Pieces(y, shape.InnerSize);
        VectorMath.Silu(z, shape.InnerSize);
        VectorMath.Multiply(y, z, shape.InnerSize);
    }

    private void StepHead(int row, int head, float* state, float* q, float* k, float* v, float* y)
    {
        var (learn, step) = Rates(rates + (long)row * 2 * shape.Heads, head);
        float keep = MathF.Exp(VectorMath.Softplus(step + stepBias[head]) * decay[head]);
        new Span<float>(difference, valueLength).Clear();
        for (int i = 0; i < shape.StateSize; i++)
        {
            float* line = state + i * valueLength;
            VectorMath.Scale(line, line, keep, valueLength);
            VectorMath.AddScaled(difference, line, k[i], valueLength);
        }

        for (int j = 0; j < valueLength; j++) difference[j] = (v[j] - difference[j]) * learn;
        new Span<float>(y, valueLength).Clear();
        for (int i = 0; i < shape.StateSize; i++)
        {
            float* line = state + i * valueLength;
            VectorMath.AddScaled(line, difference, k[i], valueLength);
            VectorMath.AddScaled(y, line, q[i], valueLength);
        }
    }

    /// <summary>Learning rate and step of a head. In the fused tensor each key head has its betas, then its alphas.</summary>
    private (float Learn, float Step) Rates(float* line, int head)
    {
        if (both is null) return (VectorMath.Sigmoid(line[head]), line[shape.Heads + head]);
        int shared = shape.Heads / shape.Groups, place = head / shared * 2 * shared + head % shared;
        return (VectorMath.Sigmoid(line[place]), line[place + shared]);
    }

    private void Normalise(float* values, float scale)
    {
        float norm2 = MathF.Max(MathF.Sqrt(VectorMath.Dot(values, values, shape.StateSize)), context.Shape.NormEpsilon);
        VectorMath.Scale(values, values, scale / norm2, shape.StateSize);
    }
}
