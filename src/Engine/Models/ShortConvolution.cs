using Countersign.Engine.Kernels;

namespace Countersign.Engine.Models;

/// <summary>The gated short convolution of LFM2: output = c * conv(b * x).</summary>
internal sealed unsafe class ShortConvolution : IMixer
{
    private readonly ForwardContext context;
    private readonly Projection input;
    private readonly Projection output;
    private readonly CausalConvolution convolution;
    private readonly int layer;
    private readonly int width;
    private readonly float* parts;
    private readonly float* result;

    public ShortConvolution(ForwardContext context, WeightLoader loader, int layer, RecurrentSpace space)
    {
        (this.context, this.layer, width) = (context, layer, context.Shape.Width);
        string prefix = $"blk.{layer}.shortconv.";
        input = new Projection(loader, prefix + "in_proj", 3 * width, width);
        convolution = new CausalConvolution(loader, prefix + "conv", context.Shape.Recurrent!.ConvKernel, width);
        output = new Projection(loader, prefix + "out_proj", width, width);
        parts = space.Projected(3 * width);
        result = space.Mixed(width);
    }

    public void Run(float* from, float* to)
    {
        context.Product.Input(from, width, context.Rows, width);
        input.Run(context, parts, 3 * width);
        foreach (BatchRun run in context.Batch.Runs)
        {
            float* state = run.Sequence.Recurrent(layer, convolution.StateLength);
            for (int row = run.Row; row < run.Row + run.Count; row++)
            {
                float* b = parts + (long)row * 3 * width, c = b + width, x = c + width, y = result + (long)row * width;
                VectorMath.Multiply(x, b, width);
                convolution.Step(state, x, y);
                VectorMath.Multiply(y, c, width);
            }
        }

        context.Product.Input(result, width, context.Rows, width);
        output.Run(context, to, width);
    }

    public void Dispose()
    {
    }
}

/// <summary>Room for the projections of recurrent layers, shared by all of them.</summary>
internal sealed unsafe class RecurrentSpace(ForwardContext context)
{
    private float* projected;
    private float* mixed;
    private int projectedLength;
    private int mixedLength;

    public float* Projected(int length)
    {
        if (length > projectedLength) projected = context.Reserve(projectedLength = length);
        return projected;
    }

    public float* Mixed(int length)
    {
        if (length > mixedLength) mixed = context.Reserve(mixedLength = length);
        return mixed;
    }
}
