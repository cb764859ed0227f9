using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>A mixture of experts: the router chooses, the tokens of each expert are gathered and multiplied together.</summary>
internal sealed unsafe class Experts
{
    private readonly ForwardContext context;
    private readonly ExpertRouter router;
    private readonly ExpertSpace space;
    private readonly WeightMatrix[]? gate;
    private readonly WeightMatrix[] up;
    private readonly WeightMatrix[] down;
    private readonly NativeBuffer? gateBias;
    private readonly NativeBuffer? upBias;
    private readonly NativeBuffer? downBias;
    private readonly Activation activation;
    private readonly FeedForward? shared;
    private readonly NativeBuffer? sharedGate;
    private readonly Action<int, int> activate;
    private readonly int length;
    private int expert;

    public Experts(ForwardContext context, WeightLoader loader, int layer, ExpertSpace space, FeedForwardSpace dense, Activation activation)
    {
        (this.context, this.space, this.activation) = (context, space, activation);
        string prefix = $"blk.{layer}.ffn_";
        int width = context.Shape.Width, count = context.Shape.Experts.Count;
        router = new ExpertRouter(context, loader, layer);
        length = loader.FirstDimension($"{prefix}down_exps.weight");
        if (loader.Has($"{prefix}gate_exps.weight")) gate = loader.Matrices($"{prefix}gate_exps.weight", length, width, count);
        up = loader.Matrices($"{prefix}up_exps.weight", length, width, count);
        down = loader.Matrices($"{prefix}down_exps.weight", width, length, count);
        gateBias = loader.OptionalVector($"{prefix}gate_exps.bias", length * count);
        upBias = loader.OptionalVector($"{prefix}up_exps.bias", length * count);
        downBias = loader.OptionalVector($"{prefix}down_exps.bias", width * count);
        if (loader.Has($"{prefix}up_shexp.weight")) shared = new FeedForward(context, loader, prefix, "_shexp", dense, activation);
        sharedGate = loader.OptionalVector($"{prefix}gate_inp_shexp.weight", width);
        space.Fit(length);
        activate = ActivateRow;
    }

    public void Run(float* input, float* output)
    {
        int width = context.Shape.Width, rows = context.Rows, usedCount = context.Shape.Experts.Used;
        router.Choose(input);
        if (shared is null) new Span<float>(output, rows * width).Clear();
        else
        {
            shared.Run(input, output);
            if (sharedGate is not null) for (int row = 0; row < rows; row++) GateShared(input + (long)row * width, output + (long)row * width);
        }

        for (expert = 0; expert < up.Length; expert++)
        {
            int gathered = 0;
            for (int slot = 0; slot < rows * usedCount; slot++)
            {
                if (router.Chosen[slot] != expert) continue;
                space.Slots[gathered] = slot;
                float factor = context.Shape.WeightBeforeExperts ? router.Weights[slot] : 1f;
                VectorMath.Scale(input + (long)(slot / usedCount) * width, space.Input + (long)gathered++ * width, factor, width);
            }

            if (gathered > 0) RunExpert(gathered, output);
        }
    }

    private void RunExpert(int gathered, float* output)
    {
        int width = context.Shape.Width, usedCount = context.Shape.Experts.Used;
        context.Product.Input(space.Input, width, gathered, width);
        if (gate is not null) context.Product.Multiply(gate[expert], space.Gate, length);
        context.Product.Multiply(up[expert], space.Up, length);
        if (gathered >= 4) context.Pool.Run(gathered, activate);
        else for (int i = 0; i < gathered; i++) ActivateRow(i, 0);
        context.Product.Input(space.Up, length, gathered, length);
        context.Product.Multiply(down[expert], space.Output, width);
        for (int i = 0; i < gathered; i++)
        {
            float* result = space.Output + (long)i * width;
            if (downBias is not null) VectorMath.Add(result, downBias.Floats + (long)expert * width, width);
            float factor = context.Shape.WeightBeforeExperts ? 1f : router.Weights[space.Slots[i]];
            VectorMath.AddScaled(output + (long)(space.Slots[i] / usedCount) * width, result, factor, width);
        }
    }

    private void ActivateRow(int row, int worker)
    {
        float* gates = space.Gate + (long)row * length, ups = space.Up + (long)row * length;
        if (gateBias is not null) VectorMath.Add(gates, gateBias.Floats + (long)expert * length, length);
        if (upBias is not null) VectorMath.Add(ups, upBias.Floats + (long)expert * length, length);
        if (gate is not null) activation.Gated(gates, ups, ups, length);
        else activation.Plain(ups, length);
    }

    private void GateShared(float* input, float* output)
    {
        float factor = VectorMath.Sigmoid(VectorMath.Dot(input, sharedGate!.Floats, context.Shape.Width));
        VectorMath.Scale(output, output, factor, context.Shape.Width);
    }
}

/// <summary>Room for the tokens of one expert, shared by all layers.</summary>
internal sealed unsafe class ExpertSpace
{
    private readonly ForwardContext context;
    private int longest;

    public ExpertSpace(ForwardContext context)
    {
        this.context = context;
        Input = context.Reserve(context.Shape.Width);
        Output = context.Reserve(context.Shape.Width);
        Slots = new int[context.MaxRows];
    }

    public int[] Slots { get; }

    public float* Input { get; }

    public float* Output { get; }

    public float* Gate { get; private set; }

    public float* Up { get; private set; }

    public void Fit(int length)
    {
        if (length <= longest) return;
        longest = length;
        Gate = context.Reserve(length);
        Up = context.Reserve(length);
    }
}
