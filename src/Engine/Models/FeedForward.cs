using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;

namespace Countersign.Engine.Models;

/// <summary>The dense feed-forward network: gated or not, gate and up apart or fused in one matrix.</summary>
internal sealed unsafe class FeedForward
{
    private readonly ForwardContext context;
    private readonly Projection? gate;
    private readonly Projection up;
    private readonly Projection down;
    private readonly FeedForwardSpace space;
    private readonly Activation activation;
    private readonly Action<int, int> activate;
    private readonly int length;
    private readonly bool fused;

    /// <param name="context">The forward pass.</param>
    /// <param name="loader">Where the weights come from.</param>
    /// <param name="prefix">Such as <c>blk.0.ffn_</c>.</param>
    /// <param name="suffix">Empty, or <c>_shexp</c> for shared experts.</param>
    /// <param name="space">Shared room.</param>
    /// <param name="activation">The layer's activation function.</param>
    public FeedForward(ForwardContext context, WeightLoader loader, string prefix, string suffix, FeedForwardSpace space, Activation activation)
    {
        (this.context, this.space, this.activation) = (context, space, activation);
        int width = context.Shape.Width;
        up = new Projection(loader, $"{prefix}up{suffix}", 0, width);
        gate = loader.Has($"{prefix}gate{suffix}.weight") ? new Projection(loader, $"{prefix}gate{suffix}", up.Rows, width) : null;
        length = loader.FirstDimension($"{prefix}down{suffix}.weight");
        down = new Projection(loader, $"{prefix}down{suffix}", width, length);
        fused = gate is null && up.Rows == 2 * length;
        if (!fused && up.Rows != length) throw new GgufException(prefix, $"ffn_up has {up.Rows} rows, ffn_down {length} columns.");
        space.Fit(up.Rows);
        activate = ActivateRow;
    }

    public void Run(float* input, float* output)
    {
        int width = context.Shape.Width;
        context.Product.Input(input, width, context.Rows, width);
        gate?.Run(context, space.Gate, length);
        up.Run(context, space.Up, up.Rows);
        context.EachRow(activate);
        context.Product.Input(space.Up, up.Rows, context.Rows, length);
        down.Run(context, output, width);
    }

    private void ActivateRow(int row, int worker)
    {
        float* values = space.Up + (long)row * up.Rows;
        if (fused) activation.Gated(values, values + length, values, length);
        else if (gate is not null) activation.Gated(space.Gate + (long)row * length, values, values, length);
        else activation.Plain(values, length);
    }
}

/// <summary>Room for the widest feed-forward network of the model; grows while the layers are built.</summary>
internal sealed unsafe class FeedForwardSpace(ForwardContext context)
{
    private int widest;

    public float* Gate { get; private set; }

    public float* Up { get; private set; }

    public void Fit(int length)
    {
        if (length <= widest) return;
        widest = length;
        Gate = context.Reserve(length);
        Up = context.Reserve(length);
    }
}
