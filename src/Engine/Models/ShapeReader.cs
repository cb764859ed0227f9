using Countersign.Engine.Gguf;

namespace Countersign.Engine.Models;

/// <summary>Reads the hyperparameters that are named alike in all architectures, and checks their ranges.</summary>
internal sealed class ShapeReader(GgufFile file, string architecture)
{
    private const int MaxLayers = 4096;
    private const int MaxSize = 1 << 22;

    private GgufMetadata Metadata => file.Metadata;

    public int Int32(string key, int fallback) => InRange(key, Metadata.GetInt32(Key(key), fallback));

    public int Required(string key) => InRange(key, Metadata.GetRequiredInt32(Key(key)));

    public float Float(string key, float fallback)
    {
        float value = Metadata.GetFloat32(Key(key), fallback);
        return float.IsFinite(value) ? value : throw Metadata.Invalid(Key(key), $"{value} is not a finite number.");
    }

    public bool Boolean(string key, bool fallback) => Metadata.GetBoolean(Key(key), fallback);

    public bool HasTensor(string name) => file.FindTensor(name) is not null;

    /// <summary>A value for each layer: an array of them, or one for all.</summary>
    public int[] PerLayer(string key, int layers, int fallback)
    {
        if (!Metadata.IsArray(Key(key))) return [.. Enumerable.Repeat(Int32(key, fallback), layers)];
        int[] values = Metadata.GetInt32s(Key(key))!;
        if (values.Length < layers) throw Metadata.Invalid(Key(key), $"{values.Length} values for {layers} layers.");
        foreach (int value in values) InRange(key, value);
        return values;
    }

    /// <summary>An array of flags for the layers, or null where the key is absent or a single number.</summary>
    public int[]? Pattern(string key, int layers) => Metadata.IsArray(Key(key)) ? PerLayer(key, layers, 0) : null;

    public ModelShape Read(int contextLength)
    {
        int layers = Required("block_count") - Int32("nextn_predict_layers", 0);
        if (layers is < 1 or > MaxLayers) throw Metadata.Invalid(Key("block_count"), $"{layers} layers.");
        int trained = Required("context_length"), width = Required("embedding_length");
        if (trained < 1) throw Metadata.Invalid(Key("context_length"), $"{trained}.");
        if (width < 1) throw Metadata.Invalid(Key("embedding_length"), $"{width}.");
        bool rms = Metadata.Contains(Key("attention.layer_norm_rms_epsilon")) || !Metadata.Contains(Key("attention.layer_norm_epsilon"));
        var shape = new ModelShape
        {
            Architecture = architecture,
            Width = width,
            ContextLength = contextLength > 0 ? Math.Min(contextLength, trained) : trained,
            TrainedContextLength = trained,
            Layers = ReadLayers(layers, width),
            CentredNorm = !rms,
            NormEpsilon = Float(rms ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon", 1e-5f),
            Pooling = (PoolingKind)Int32("pooling_type", 0),
            EmbeddingScale = Float("embedding_scale", 1f),
            ResidualScale = Float("residual_scale", 1f),
            LogitScale = Float("logit_scale", 1f),
            AttentionScale = Float("attention.scale", 0f),
            AttentionSoftCap = Float("attn_logit_softcapping", 0f),
            LogitSoftCap = Float("final_logit_softcapping", 0f),
            TemperatureScale = Float("attention.temperature_scale", 0f),
        };
        if (!Enum.IsDefined(shape.Pooling)) throw Metadata.Invalid(Key("pooling_type"), $"{(int)shape.Pooling} is not known.");
        ReadExperts(shape);
        ReadRope(shape);
        if (Metadata.Contains(Key("ssm.conv_kernel")))
        {
            shape.Recurrent = new RecurrentShape(Positive("ssm.conv_kernel"), Positive("ssm.inner_size"), Positive("ssm.state_size"), Positive("ssm.time_step_rank"), Math.Max(1, Int32("ssm.group_count", 1)));
        }

        return shape;
    }

    private LayerShape[] ReadLayers(int count, int width)
    {
        int[] heads = PerLayer("attention.head_count", count, 0);
        int[] kvHeads = Metadata.Contains(Key("attention.head_count_kv")) ? PerLayer("attention.head_count_kv", count, 0) : heads;
        var layers = new LayerShape[count];
        for (int i = 0; i < count; i++)
        {
            if (kvHeads[i] > 0 && (heads[i] < 1 || heads[i] % kvHeads[i] != 0)) throw Metadata.Invalid(Key("attention.head_count_kv"), $"{kvHeads[i]} key heads for {heads[i]} heads.");
            int standard = heads[i] > 0 ? width / heads[i] : 0;
            layers[i] = new LayerShape
            {
                Heads = heads[i],
                KvHeads = kvHeads[i],
                KeyLength = Int32("attention.key_length", standard),
                ValueLength = Int32("attention.value_length", standard),
                KvSource = i,
            };
        }

        return layers;
    }

    private void ReadExperts(ModelShape shape)
    {
        int count = Int32("expert_count", 0), used = Int32("expert_used_count", 0);
        if (count == 0) return;
        if (used < 1 || used > count) throw Metadata.Invalid(Key("expert_used_count"), $"{used} of {count} experts.");
        var gating = (ExpertGating)Int32("expert_gating_func", (int)(architecture == "glm4moe" ? ExpertGating.Sigmoid : ExpertGating.Softmax));
        if (gating == 0) gating = ExpertGating.Softmax;
        if (!Enum.IsDefined(gating)) throw Metadata.Invalid(Key("expert_gating_func"), $"{(int)gating} is not known.");
        int groups = Int32("expert_group_count", 0), groupsUsed = Int32("expert_group_used_count", 0);
        if (groups > 1 && (count % groups != 0 || groupsUsed < 1 || groupsUsed > groups || count / groups * groupsUsed < used)) throw Metadata.Invalid(Key("expert_group_count"), $"{groupsUsed} of {groups} groups of {count} experts.");
        float scale = Float("expert_weights_scale", 1f);
        shape.Experts = new ExpertShape(count, used, gating, Boolean("expert_weights_norm", true), scale == 0 ? 1 : scale, groups, groupsUsed);
    }

    private void ReadRope(ModelShape shape)
    {
        int dimensions = Int32("rope.dimension_count", shape.Layers.Max(static layer => layer.KeyLength));
        float factor = Float("rope.scaling.factor", Float("rope.scale_linear", 0f));
        string type = Metadata.GetString(Key("rope.scaling.type")) ?? "linear";
        if (type is not ("linear" or "yarn" or "longrope" or "none")) throw Metadata.Invalid(Key("rope.scaling.type"), $"'{type}' is not known.");
        float attention = Float("rope.scaling.attn_factor", 1f), baseFrequency = Float("rope.freq_base", 10000f);
        if (dimensions % 2 != 0) throw Metadata.Invalid(Key("rope.dimension_count"), $"{dimensions} is odd.");
        var local = new RopeShape { Dimensions = dimensions, Base = baseFrequency };
        shape.LocalRope = local;
        shape.Rope = local with
        {
            FrequencyScale = factor > 0 && type != "none" ? 1f / factor : 1f,
            Yarn = type == "yarn" && factor > 0,
            Magnitude = attention,
            OriginalContext = Int32("rope.scaling.original_context_length", Required("context_length")),
            BetaFast = Float("rope.scaling.yarn_beta_fast", 32f),
            BetaSlow = Float("rope.scaling.yarn_beta_slow", 1f),
            Factors = HasTensor("rope_freqs.weight") ? "rope_freqs.weight" : null,
        };
        if (shape.Rope.Yarn)
        {
            float logMultiplier = Float("rope.scaling.yarn_log_multiplier", 0f), log = MathF.Log(factor);
            shape.Rope.Magnitude *= logMultiplier == 0 ? 1f + 0.1f * log : (1f + 0.1f * log) / (1f + 0.1f * logMultiplier * log);
        }
    }

    private string Key(string key) => $"{architecture}.{key}";

    private int Positive(string key) => Required(key) is > 0 and var value ? value : throw Metadata.Invalid(Key(key), "should be above zero.");

    private int InRange(string key, int value) => value is >= 0 and <= int.MaxValue && (value <= MaxSize || key == "context_length" || key.EndsWith("context_length", StringComparison.Ordinal))
        ? value
        : throw Metadata.Invalid(Key(key), $"{value} is out of range.");
}
