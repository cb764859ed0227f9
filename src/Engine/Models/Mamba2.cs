using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>A Mamba-2 layer (https://arxiv.org/abs/2405.21060), position by position:
/// state (head, number, state) = state * exp(dt * A) + dt * x * B, y = state * C + D * x.</summary>
internal sealed unsafe class Mamba2 : IMixer
{
    private readonly ForwardContext context;
    private readonly RecurrentShape shape;
    private readonly Projection input;
    private readonly Projection output;
    private readonly CausalConvolution convolution;
    private readonly float* decay;
    private readonly float* skip;
    private readonly float* stepBias;
    private readonly NativeBuffer norm;
    private readonly int layer;
    private readonly int headLength;
    private readonly int projectedLength;
    private readonly float* projected;
    private readonly float* mixed;
    private readonly float* convolved;

    public Mamba2(ForwardContext context, WeightLoader loader, int layer, RecurrentSpace space)
    {
        (this.context, this.layer, shape) = (context, layer, context.Shape.Recurrent!);
        string prefix = $"blk.{layer}.ssm_";
        int width = context.Shape.Width, channels = shape.InnerSize + 2 * shape.Groups * shape.StateSize;
        headLength = shape.InnerSize / shape.Heads;
        projectedLength = shape.InnerSize + channels + shape.Heads;
        input = new Projection(loader, prefix + "in", projectedLength, width);
        convolution = new CausalConvolution(loader, prefix + "conv1d", shape.ConvKernel, channels);
        stepBias = loader.Vector(prefix + "dt.bias", shape.Heads).Floats;
        decay = loader.Vector(prefix + "a", shape.Heads).Floats;
        skip = loader.Vector(prefix + "d", shape.Heads).Floats;
        norm = loader.Vector(prefix + "norm.weight", shape.InnerSize);
        output = new Projection(loader, prefix + "out", width, shape.InnerSize);
        projected = space.Projected(projectedLength);
        mixed = space.Mixed(Math.Max(shape.InnerSize, channels));
        convolved = context.Reserve(1 + channels / context.MaxRows);
    }

    public void Run(float* from, float* to)
    {
        int width = context.Shape.Width;
        context.Product.Input(from, width, context.Rows, width);
        input.Run(context, projected, projectedLength);
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
        float* z = projected + (long)row * projectedLength, steps = z + projectedLength - shape.Heads;
        convolution.Step(convolutionState, z + shape.InnerSize, convolved);
        VectorMath.Silu(convolved, convolution.Channels);
        float* x = convolved, b = x + shape.InnerSize, c = b + shape.Groups * shape.StateSize, y = mixed + (long)row * shape.InnerSize;
        for (int head = 0; head < shape.Heads; head++)
        {
            int group = head / (shape.Heads / shape.Groups);
            float step = VectorMath.Softplus(steps[head] + stepBias[head]), keep = MathF.Exp(step * decay[head]);
            for (int i = 0; i < headLength; i++)
            {
                int index = head * headLength + i;
                float* cell = state + (long)index * shape.StateSize;
                VectorMath.Scale(cell, cell, keep, shape.StateSize);
                VectorMath.AddScaled(cell, b + group * shape.StateSize, x[index] * step, shape.StateSize);
                y[index] = VectorMath.Dot(cell, c + group * shape.StateSize, shape.StateSize) + x[index] * skip[head];
            }
        }

        VectorMath.Silu(z, shape.InnerSize);
        VectorMath.Multiply(y, z, shape.InnerSize);
        int size = shape.InnerSize / shape.Groups;
        for (int group = 0; group < shape.Groups; group++) VectorMath.RmsNorm(y + group * size, norm.Floats + group * size, y + group * size, size, context.Shape.NormEpsilon);
    }
}
