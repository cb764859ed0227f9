using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>The room that all layers use one after the other.</summary>
internal sealed class LayerSpaces(ForwardContext context, ShapeReader reader)
{
    public AttentionSpace Attention { get; } = new(context);

    public FeedForwardSpace FeedForward { get; } = new(context);

    public ExpertSpace Experts { get; } = new(context);

    public RecurrentSpace Recurrent { get; } = new(context);

    public LatentSpace? Latent { get; } = context.Shape.LatentRank > 0 ? new LatentSpace(context, reader) : null;
}

/// <summary>One layer of any architecture: norm, mixer, norm, feed-forward or experts, residuals. Which norms stand before and
/// which behind follows from the tensors that the file has.</summary>
internal sealed unsafe class TransformerLayer : IDisposable
{
    private readonly ForwardContext context;
    private readonly Normalisation? inputNorm;
    private readonly IMixer? mixer;
    private readonly Normalisation? afterMixer;
    private readonly Normalisation? mixerResidualNorm;
    private readonly Normalisation? feedForwardNorm;
    private readonly FeedForward? feedForward;
    private readonly Experts? experts;
    private readonly Normalisation? afterFeedForward;
    private readonly Normalisation? layerOutputNorm;
    private readonly PerLayerInput? perLayerInput;
    private readonly bool parallel;
    private readonly float* normed;
    private readonly float* mixed;

    public TransformerLayer(ForwardContext context, WeightLoader loader, int layer, LayerSpaces spaces, float* normed, float* mixed, Activation activation, PerLayerInputs? perLayer)
    {
        this.context = context;
        this.normed = normed;
        this.mixed = mixed;
        string prefix = $"blk.{layer}.";
        Normalisation? Norm(string name) => Normalisation.Optional(context, loader, prefix + name, context.Shape.Width);
        inputNorm = Norm("attn_norm");
        mixer = CreateMixer(loader, layer, spaces);
        mixerResidualNorm = Norm("attn_output_norm");
        layerOutputNorm = Norm("layer_output_norm");
        Normalisation? postAttention = Norm("post_attention_norm");
        feedForwardNorm = Norm("ffn_norm");
        afterFeedForward = Norm("post_ffw_norm");
        if (feedForwardNorm is null && afterFeedForward is null) feedForwardNorm = postAttention;
        else afterMixer = postAttention;
        if (loader.Has(prefix + "ffn_gate_inp.weight")) experts = new Experts(context, loader, layer, spaces.Experts, spaces.FeedForward, activation);
        else if (loader.Has(prefix + "ffn_up.weight")) feedForward = new FeedForward(context, loader, prefix + "ffn_", "", spaces.FeedForward, activation);
        bool hasFeedForward = experts is not null || feedForward is not null;
        parallel = hasFeedForward && mixer is not null && feedForwardNorm is null && inputNorm is not null && mixerResidualNorm is null;
        if (mixer is null && !hasFeedForward) throw new GgufException(prefix, "the layer has neither attention nor a feed-forward network.");
        if (perLayer is not null) perLayerInput = new PerLayerInput(context, loader, layer, perLayer);
    }

    /// <summary>Carries the residual stream (row, width) through the layer, in place.</summary>
    public void Run(float* residual)
    {
        if (inputNorm is null) Copy(residual, normed);
        else inputNorm.Run(residual, normed);
        if (context.Shape.ResidualFromNorm) ScaledCopy(normed, residual);
        if (mixer is not null)
        {
            mixer.Run(normed, mixed);
            afterMixer?.Run(mixed, mixed);
            AddTo(residual, mixed);
            mixerResidualNorm?.Run(residual, residual);
        }

        RunFeedForward(residual);
        perLayerInput?.Run(residual);
    }

    public void Dispose() => mixer?.Dispose();

    private void RunFeedForward(float* residual)
    {
        if (experts is null && feedForward is null) return;
        if (feedForwardNorm is not null) feedForwardNorm.Run(residual, normed);
        else if (!parallel && mixer is not null) Copy(residual, normed);
        if (context.Shape.ResidualFromNorm) ScaledCopy(normed, residual);
        if (experts is not null) experts.Run(normed, mixed);
        else feedForward!.Run(normed, mixed);
        afterFeedForward?.Run(mixed, mixed);
        AddTo(residual, mixed);
        layerOutputNorm?.Run(residual, residual);
    }

    private IMixer? CreateMixer(WeightLoader loader, int layer, LayerSpaces spaces) => context.Shape.Layers[layer].Mixer switch
    {
        MixerKind.Attention => new SelfAttention(context, loader, layer, spaces.Attention),
        MixerKind.LatentAttention => new LatentAttention(context, loader, layer, spaces.Latent!),
        MixerKind.Mamba2 => new Mamba2(context, loader, layer, spaces.Recurrent),
        MixerKind.ShortConvolution => new ShortConvolution(context, loader, layer, spaces.Recurrent),
        MixerKind.DeltaNet => new DeltaNet(context, loader, layer, spaces.Recurrent),
        MixerKind.LightningAttention => new LightningAttention(context, loader, layer, spaces.Recurrent),
        _ => null,
    };

    private void AddTo(float* residual, float* change)
    {
        int count = context.Rows * context.Shape.Width;
        if (context.Shape.ResidualFromNorm || context.Shape.ResidualScale == 1f) VectorMath.Add(residual, change, count);
        else VectorMath.AddScaled(residual, change, context.Shape.ResidualScale, count);
    }

    private void Copy(float* from, float* to)
    {
        long bytes = (long)context.Rows * context.Shape.Width * sizeof(float);
        Buffer.MemoryCopy(from, to, bytes, bytes);
    }

    private void ScaledCopy(float* from, float* to) => VectorMath.Scale(from, to, context.Shape.ResidualScale, context.Rows * context.Shape.Width);
}
