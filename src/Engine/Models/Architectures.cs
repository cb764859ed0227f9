using Countersign.Engine.Gguf;

namespace Countersign.Engine.Models;

/// <summary>What each architecture does that its metadata and tensors do not say. Facts from llama.cpp 0.5.0 (src/models).</summary>
internal static class Architectures
{
    private static readonly Dictionary<string, Action<ModelShape, ShapeReader>> Known = new(StringComparer.Ordinal)
    {
        ["llama"] = static (_, _) => { },
        ["mistral3"] = static (shape, _) => (shape.TemperatureFloor, shape.TemperatureOffset) = (Math.Max(1, shape.Rope.OriginalContext), 0),
        ["llama4"] = Llama4,
        ["granite"] = static (shape, _) => shape.LogitScale = 1f / shape.LogitScale,
        ["granitemoe"] = static (shape, _) => shape.LogitScale = 1f / shape.LogitScale,
        ["granitehybrid"] = GraniteHybrid,
        ["smollm3"] = static (shape, _) => EachLayer(shape, static (layer, index) => layer.Rope = (index + 1) % 4 == 0 ? -1 : 0),
        ["ernie4_5"] = static (_, _) => { },
        ["ernie4_5-moe"] = static (_, _) => { },
        ["deepseek2"] = DeepSeek2,
        ["cohere2"] = static (shape, reader) => Windows(shape, reader, static index => index % 4 < 3, static (layer, windowed) => layer.Rope = windowed ? 0 : -1),
        ["qwen2"] = Halves,
        ["qwen3"] = Halves,
        ["qwen3moe"] = Halves,
        ["phi3"] = Phi3,
        ["olmo2"] = Olmo2,
        ["apertus"] = static (shape, _) => (shape.Pairing, shape.Activation) = (RopePairing.Halves, ActivationKind.Xielu),
        ["minimax-m2"] = Halves,
        ["glm4moe"] = Halves,
        ["gpt-oss"] = GptOss,
        ["gemma2"] = Gemma2,
        ["gemma3"] = Gemma3,
        ["gemma-embedding"] = GemmaEmbedding,
        ["gemma4"] = Gemma4,
        ["bert"] = static (shape, _) => Encoder(shape, ActivationKind.Gelu, -1),
        ["nomic-bert"] = static (shape, _) => Encoder(shape, ActivationKind.Silu, 0),
        ["nemotron_h"] = NemotronH,
        ["nemotron_h_moe"] = NemotronH,
        ["lfm2"] = Lfm2,
        ["lfm2moe"] = Lfm2,
        ["qwen3next"] = static (shape, reader) => DeltaNet(shape, reader, tiled: false),
        ["qwen35"] = static (shape, reader) => DeltaNet(shape, reader, tiled: true),
        ["qwen35moe"] = static (shape, reader) => DeltaNet(shape, reader, tiled: true),
        ["minimax-01"] = MiniMax01,
    };

    /// <summary>The names of all architectures that can be loaded.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Reads the shape of a model; an unknown architecture is refused by name.</summary>
    public static ModelShape Read(GgufFile file, int contextLength)
    {
        string name = file.Metadata.GetRequiredString("general.architecture");
        if (!Known.TryGetValue(name, out Action<ModelShape, ShapeReader>? adjust))
        {
            throw new GgufException(Path.GetFileName(file.Path), $"the architecture '{name}' is not supported. Supported: {string.Join(", ", Known.Keys)}.");
        }

        var reader = new ShapeReader(file, name);
        ModelShape shape = reader.Read(contextLength);
        adjust(shape, reader);
        ShapeChecks.Require(file, shape);
        return shape;
    }

    private static void EachLayer(ModelShape shape, Action<LayerShape, int> set)
    {
        for (int i = 0; i < shape.Layers.Length; i++) set(shape.Layers[i], i);
    }

    private static void Windows(ModelShape shape, ShapeReader reader, Func<int, bool> windowed, Action<LayerShape, bool>? more = null)
    {
        int window = reader.Int32("attention.sliding_window", 0);
        int[]? pattern = reader.Pattern("attention.sliding_window_pattern", shape.Layers.Length);
        EachLayer(shape, (layer, index) =>
        {
            bool local = pattern is null ? windowed(index) : pattern[index] != 0;
            layer.Window = local ? window : 0;
            more?.Invoke(layer, local);
        });
    }

    private static void Halves(ModelShape shape, ShapeReader reader) => shape.Pairing = RopePairing.Halves;

    private static void Llama4(ModelShape shape, ShapeReader reader)
    {
        (shape.TemperatureScale, shape.TemperatureFloor, shape.TemperatureOffset) = (0.1f, 8192, 1);
        shape.TemperatureOnlyWithoutRope = true;
        shape.NormaliseQueryKey = shape.Experts.Count != 128;
        shape.WeightBeforeExperts = true;
        shape.Experts = shape.Experts with { Gating = ExpertGating.Sigmoid, Normalise = false };
        EachLayer(shape, static (layer, index) => (layer.Rope, layer.Chunk) = (index + 1) % 4 == 0 ? (-1, 0) : (0, 8192));
    }

    private static void DeepSeek2(ModelShape shape, ShapeReader reader)
    {
        shape.LatentRank = reader.Required("attention.kv_lora_rank");
        int keyLength = reader.Int32("attention.key_length_mla", shape.Layers[0].KeyLength);
        float log = reader.Float("rope.scaling.yarn_log_multiplier", 0);
        float growth = shape.Rope.Yarn ? 1f + log * MathF.Log(1f / shape.Rope.FrequencyScale) : 1f;
        shape.AttentionScale = growth * growth / MathF.Sqrt(keyLength);
        shape.Rope.Magnitude = 1f;
        EachLayer(shape, (layer, _) =>
        {
            layer.Mixer = MixerKind.LatentAttention;
            layer.KvHeads = 1;
            (layer.KeyLength, layer.ValueLength) = (shape.LatentRank + shape.Rope.Dimensions, shape.LatentRank);
        });
        shape.Experts = shape.Experts with { Normalise = reader.Boolean("expert_weights_norm", false) };
    }

    private static void Phi3(ModelShape shape, ShapeReader reader)
    {
        shape.Pairing = RopePairing.Halves;
        if (reader.HasTensor("rope_factors_long.weight"))
        {
            shape.Rope.Factors = shape.ContextLength > shape.Rope.OriginalContext ? "rope_factors_long.weight" : "rope_factors_short.weight";
        }
    }

    private static void Olmo2(ModelShape shape, ShapeReader reader)
    {
        shape.Pairing = RopePairing.Halves;
        if (reader.Int32("attention.sliding_window", 0) == 0) return;
        Windows(shape, reader, static index => index % 4 < 3, static (layer, windowed) => layer.Rope = windowed ? 1 : 0);
    }

    private static void GptOss(ModelShape shape, ShapeReader reader)
    {
        (shape.Pairing, shape.Activation) = (RopePairing.Halves, ActivationKind.ClampedSwiglu);
        shape.Experts = shape.Experts with { Gating = ExpertGating.SoftmaxOfSelected, Normalise = false };
        Windows(shape, reader, static index => index % 2 == 0);
    }

    private static void Gemma2(ModelShape shape, ShapeReader reader)
    {
        (shape.Pairing, shape.Activation, shape.EmbeddingScale) = (RopePairing.Halves, ActivationKind.Gelu, MathF.Sqrt(shape.Width));
        if (shape.Layers.Length == 46) shape.AttentionScale = 1f / MathF.Sqrt(shape.Width / (float)shape.Layers[0].Heads);
        Windows(shape, reader, static index => index % 2 == 0);
    }

    private static void Gemma3(ModelShape shape, ShapeReader reader)
    {
        (shape.Pairing, shape.Activation, shape.EmbeddingScale) = (RopePairing.Halves, ActivationKind.Gelu, MathF.Sqrt(shape.Width));
        if (shape.Layers.Length == 62) shape.AttentionScale = 1f / MathF.Sqrt(shape.Width / (float)shape.Layers[0].Heads);
        shape.LocalRope = shape.LocalRope with { Base = reader.Float("rope.freq_base_swa", 10000f) };
        Windows(shape, reader, static index => index % 6 < 5, static (layer, windowed) => layer.Rope = windowed ? 1 : 0);
    }

    private static void GemmaEmbedding(ModelShape shape, ShapeReader reader)
    {
        Gemma3(shape, reader);
        shape.Causal = false;
    }

    private static void Gemma4(ModelShape shape, ShapeReader reader)
    {
        (shape.Pairing, shape.Activation, shape.EmbeddingScale) = (RopePairing.Halves, ActivationKind.Gelu, MathF.Sqrt(shape.Width));
        (shape.AttentionScale, shape.NormaliseValues) = (1f, true);
        shape.PerLayerWidth = reader.Int32("embedding_length_per_layer_input", 0);
        int localLength = reader.Int32("attention.key_length_swa", shape.Layers[0].KeyLength);
        shape.LocalRope = shape.LocalRope with
        {
            Base = reader.Float("rope.freq_base_swa", 10000f),
            Dimensions = reader.Int32("rope.dimension_count_swa", localLength),
            Factors = null,
        };
        Windows(shape, reader, static index => index % 6 < 5, (layer, windowed) =>
        {
            if (windowed) (layer.Rope, layer.KeyLength, layer.ValueLength) = (1, localLength, reader.Int32("attention.value_length_swa", localLength));
        });
        int own = shape.Layers.Length - reader.Int32("attention.shared_kv_layers", 0);
        EachLayer(shape, (layer, index) => layer.KvSource = index < own ? index : own - (layer.Window > 0 ? 2 : 1));
    }

    private static void Encoder(ModelShape shape, ActivationKind activation, int rope)
    {
        (shape.Pairing, shape.Activation, shape.Causal) = (RopePairing.Halves, activation, false);
        EachLayer(shape, (layer, _) => layer.Rope = rope);
    }

    private static void NemotronH(ModelShape shape, ShapeReader reader)
    {
        shape.Activation = ActivationKind.ReluSquared;
        int[] feedForward = reader.PerLayer("feed_forward_length", shape.Layers.Length, 0);
        EachLayer(shape, (layer, index) =>
        {
            layer.Rope = -1;
            layer.Mixer = layer.KvHeads > 0 ? MixerKind.Attention : feedForward[index] > 0 ? MixerKind.None : MixerKind.Mamba2;
        });
    }

    private static void GraniteHybrid(ModelShape shape, ShapeReader reader)
    {
        shape.LogitScale = 1f / shape.LogitScale;
        bool rope = reader.Boolean("rope.scaling.finetuned", true);
        EachLayer(shape, (layer, _) =>
        {
            layer.Rope = rope ? 0 : -1;
            layer.Mixer = layer.KvHeads > 0 ? MixerKind.Attention : MixerKind.Mamba2;
        });
    }

    private static void Lfm2(ModelShape shape, ShapeReader reader)
    {
        shape.Pairing = RopePairing.Halves;
        shape.Recurrent = new RecurrentShape(reader.Required("shortconv.l_cache"), shape.Width, 0, 0, 0);
        EachLayer(shape, static (layer, _) => layer.Mixer = layer.KvHeads > 0 ? MixerKind.Attention : MixerKind.ShortConvolution);
    }

    private static void DeltaNet(ModelShape shape, ShapeReader reader, bool tiled)
    {
        (shape.Pairing, shape.GatedQuery, shape.TiledKeyHeads) = (RopePairing.Halves, true, tiled);
        int interval = Math.Max(1, reader.Int32("full_attention_interval", 4));
        EachLayer(shape, (layer, index) => layer.Mixer = (index + 1) % interval == 0 ? MixerKind.Attention : MixerKind.DeltaNet);
    }

    private static void MiniMax01(ModelShape shape, ShapeReader reader)
    {
        (shape.Pairing, shape.ResidualFromNorm) = (RopePairing.Halves, true);
        int interval = Math.Max(1, reader.Int32("full_attention_interval", 8));
        EachLayer(shape, (layer, index) => layer.Mixer = (index + 1) % interval == 0 ? MixerKind.Attention : MixerKind.LightningAttention);
    }
}
