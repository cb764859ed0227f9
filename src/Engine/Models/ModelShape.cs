namespace Countersign.Engine.Models;

/// <summary>What carries information between positions in a layer.</summary>
internal enum MixerKind { None, Attention, LatentAttention, Mamba2, ShortConvolution, DeltaNet, LightningAttention }

/// <summary>How rotary embeddings pair the numbers of a head: neighbours, or first half with second half (NeoX).</summary>
internal enum RopePairing { Neighbours, Halves }

internal enum ActivationKind { Silu, Gelu, ReluSquared, Xielu, ClampedSwiglu }

/// <summary>How an expert router turns scores into weights.</summary>
internal enum ExpertGating { Softmax = 1, Sigmoid = 2, SoftmaxOfSelected = 3 }

/// <summary>How the vectors of a text become one.</summary>
internal enum PoolingKind { None = 0, Mean = 1, Cls = 2, Last = 3, Rank = 4 }

/// <summary>The hyperparameters of one layer.</summary>
internal sealed class LayerShape
{
    public MixerKind Mixer { get; set; } = MixerKind.Attention;

    public int Heads { get; set; }

    public int KvHeads { get; set; }

    public int KeyLength { get; set; }

    public int ValueLength { get; set; }

    /// <summary>Attention reaches back this many positions, itself included; 0 is all.</summary>
    public int Window { get; set; }

    /// <summary>Attention stays within chunks of this many positions; 0 is no chunks.</summary>
    public int Chunk { get; set; }

    /// <summary>0 is the model's rope, 1 that of windowed layers, -1 none.</summary>
    public int Rope { get; set; }

    /// <summary>The layer whose keys and values this one reads; itself, unless shared.</summary>
    public int KvSource { get; set; }
}

/// <summary>Parameters of rotary embeddings. Scaling: linear, YaRN (https://arxiv.org/abs/2309.00071), or factors per frequency from a tensor.</summary>
internal sealed record RopeShape
{
    public int Dimensions { get; set; }

    public float Base { get; set; } = 10000f;

    public float FrequencyScale { get; set; } = 1f;

    public bool Yarn { get; set; }

    public float Magnitude { get; set; } = 1f;

    public int OriginalContext { get; set; }

    public float BetaFast { get; set; } = 32f;

    public float BetaSlow { get; set; } = 1f;

    /// <summary>Name of the tensor with factors that divide the frequencies, or null.</summary>
    public string? Factors { get; set; }
}

/// <summary>The hyperparameters of state-space and linear-attention layers.</summary>
internal sealed record RecurrentShape(int ConvKernel, int InnerSize, int StateSize, int Heads, int Groups);

/// <summary>The hyperparameters of mixtures of experts.</summary>
internal sealed record ExpertShape(int Count, int Used, ExpertGating Gating, bool Normalise, float Scale, int Groups, int GroupsUsed);

/// <summary>Everything that the forward pass needs to know about a model besides its weights.</summary>
internal sealed class ModelShape
{
    public required string Architecture { get; init; }

    public required int Width { get; init; }

    /// <summary>Positions that are served; at most those that the model was made for.</summary>
    public required int ContextLength { get; init; }

    public required int TrainedContextLength { get; init; }

    public required LayerShape[] Layers { get; init; }

    /// <summary>Whether any layer keeps a running state besides keys and values; such a sequence cannot be cut back or shared.</summary>
    public bool IsRecurrent => Layers.Any(static layer => layer.Mixer is not (MixerKind.None or MixerKind.Attention or MixerKind.LatentAttention));

    public float NormEpsilon { get; set; }

    /// <summary>LayerNorm where true, RMSNorm where false.</summary>
    public bool CentredNorm { get; set; }

    public RopePairing Pairing { get; set; }

    public RopeShape Rope { get; set; } = new();

    public RopeShape LocalRope { get; set; } = new();

    public ActivationKind Activation { get; set; }

    public ExpertShape Experts { get; set; } = new(0, 0, ExpertGating.Softmax, true, 1f, 0, 0);

    public RecurrentShape? Recurrent { get; set; }

    public bool Causal { get; set; } = true;

    public PoolingKind Pooling { get; set; }

    public float EmbeddingScale { get; set; } = 1f;

    public float ResidualScale { get; set; } = 1f;

    public float LogitScale { get; set; } = 1f;

    /// <summary>Factor of query times key; 0 is one over the square root of the key length.</summary>
    public float AttentionScale { get; set; }

    public float AttentionSoftCap { get; set; }

    public float LogitSoftCap { get; set; }

    /// <summary>Queries and keys are RMS-normalised without weights after the rope (llama4).</summary>
    public bool NormaliseQueryKey { get; set; }

    /// <summary>Values are RMS-normalised without weights (gemma4).</summary>
    public bool NormaliseValues { get; set; }

    /// <summary>Queries grow with the position: 1 + scale * log(1 + floor((position + offset) / floor)); scale 0 is off.</summary>
    public float TemperatureScale { get; set; }

    public int TemperatureFloor { get; set; } = 1;

    public int TemperatureOffset { get; set; }

    public bool TemperatureOnlyWithoutRope { get; set; }

    /// <summary>The query matrix also holds a gate for the attention's output, head by head.</summary>
    public bool GatedQuery { get; set; }

    /// <summary>Expert weights multiply the input of the experts, not their output.</summary>
    public bool WeightBeforeExperts { get; set; }

    /// <summary>Width of the per-layer inputs of gemma4; 0 is none.</summary>
    public int PerLayerWidth { get; set; }

    /// <summary>The residual is the normalised input, scaled (MiniMax-01).</summary>
    public bool ResidualFromNorm { get; set; }

    /// <summary>Delta-net value heads take key head (head mod key heads) instead of neighbours sharing one.</summary>
    public bool TiledKeyHeads { get; set; }

    public int LatentRank { get; set; }
}
