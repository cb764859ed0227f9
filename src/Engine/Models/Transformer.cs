using Countersign.Engine.Cache;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>A loaded model: token embeddings, layers, output. One batch at a time; the caller's thread and the pool's work.</summary>
internal sealed unsafe class Transformer : IDisposable
{
    private readonly WeightLoader loader;
    private readonly ForwardContext context;
    private readonly MappedMatrix embeddings;
    private readonly Normalisation? embeddingNorm;
    private readonly NativeBuffer? tokenType;
    private readonly MappedMatrix? positionEmbeddings;
    private readonly PerLayerInputs? perLayerInputs;
    private readonly TransformerLayer[] layers;
    private readonly Normalisation? outputNorm;
    private readonly WeightMatrix? output;
    private readonly float* residual;
    private readonly float* normed;
    private readonly float* line;
    private NativeBuffer logits = new(0);

    public Transformer(GgufFile file, ModelShape shape, ComputePool pool, KvCache cache, KernelLevel level, int maxRows, Action<long>? progress)
    {
        loader = new WeightLoader(file, level, progress);
        context = new ForwardContext(shape, pool, cache, maxRows);
        Shape = shape;
        embeddings = loader.Table("token_embd.weight", shape.Width);
        Vocabulary = embeddings.Rows;
        bool encoder = loader.Has("token_types.weight");
        Normalisation? earlyNorm = Normalisation.Optional(context, loader, "token_embd_norm", shape.Width);
        embeddingNorm = encoder ? earlyNorm : null;
        if (encoder) tokenType = Line(loader.Table("token_types.weight", shape.Width));
        if (loader.Has("position_embd.weight")) positionEmbeddings = loader.Table("position_embd.weight", shape.Width);
        CreateRopes();
        residual = context.Reserve(shape.Width);
        normed = context.Reserve(shape.Width);
        line = context.Reserve(shape.Width);
        float* mixed = context.Reserve(shape.Width);
        var spaces = new LayerSpaces(context, new ShapeReader(file, shape.Architecture));
        if (shape.PerLayerWidth > 0) perLayerInputs = new PerLayerInputs(context, loader);
        layers = new TransformerLayer[shape.Layers.Length];
        for (int i = 0; i < layers.Length; i++) layers[i] = new TransformerLayer(context, loader, i, spaces, normed, mixed, Activations(file, i), perLayerInputs);
        outputNorm = Normalisation.Optional(context, loader, "output_norm", shape.Width) ?? (encoder ? null : earlyNorm);
        if (!encoder && shape.Architecture != "gemma-embedding") output = loader.Matrix(loader.Has("output.weight") ? "output.weight" : "token_embd.weight", Vocabulary, shape.Width);
        Head = new PoolingHead(context, loader);
        loader.RefuseUnused(name => Ignorable(name, layers.Length));
    }

    public ModelShape Shape { get; }

    public int Vocabulary { get; }

    /// <summary>Whether the model gives logits; a pure embedding model does not.</summary>
    public bool HasLogits => output is not null;

    public PoolingHead Head { get; }

    public int MaxRows => context.MaxRows;

    /// <summary>Logits of the batch's output rows: (output row, token).</summary>
    public Span<float> Logits(int outputRow) => new(logits.Floats + (long)outputRow * Vocabulary, Vocabulary);

    /// <summary>The final vector of a row, normalised, as embedding models pool them.</summary>
    public float* Hidden(int row) => normed + (long)row * Shape.Width;

    /// <summary>Computes a batch; the sequences have room and move on by their runs. Logits are computed for the output rows.</summary>
    public void Forward(StepBatch batch)
    {
        if (batch.Count == 0 || batch.Count > MaxRows) throw new ArgumentException($"{batch.Count} rows; 1 to {MaxRows} are possible.", nameof(batch));
        context.Batch = batch;
        Embed();
        foreach (RopeTable? rope in context.Ropes) rope?.Prepare(batch.Positions);
        perLayerInputs?.Prepare(residual);
        foreach (TransformerLayer layer in layers) layer.Run(residual);
        if (outputNorm is not null) outputNorm.Run(residual, normed);
        else Buffer.MemoryCopy(residual, normed, (long)batch.Count * Shape.Width * 4, (long)batch.Count * Shape.Width * 4);
        if (output is not null && batch.OutputRows.Count > 0) ComputeLogits(batch);
        foreach (BatchRun run in batch.Runs) run.Sequence.Advance(run.Count);
    }

    public void Dispose()
    {
        foreach (TransformerLayer layer in layers) layer.Dispose();
        logits.Dispose();
        context.Dispose();
        loader.Dispose();
    }

    private static bool Ignorable(string name, int layers) =>
        name.StartsWith("rope_factors_", StringComparison.Ordinal) || name == "token_embd.weight"
        || (name.StartsWith("blk.", StringComparison.Ordinal) && int.TryParse(name.AsSpan(4, name.IndexOf('.', 4) - 4), out int layer) && layer >= layers);

    private void CreateRopes()
    {
        RopeTable Table(RopeShape rope) => new(rope, Shape.Pairing, rope.Factors is null ? null : Factors(rope), context.MaxRows);
        if (Shape.Layers.Any(static layer => layer.Rope == 0)) context.Ropes[0] = Table(Shape.Rope);
        if (Shape.Layers.Any(static layer => layer.Rope == 1)) context.Ropes[1] = Table(Shape.LocalRope);
    }

    private float[] Factors(RopeShape rope)
    {
        float[] factors = loader.Numbers(rope.Factors!);
        return factors.Length >= rope.Dimensions / 2 ? factors : throw new GgufException(rope.Factors!, $"{factors.Length} factors for {rope.Dimensions / 2} frequencies.");
    }

    private static NativeBuffer Line(MappedMatrix table)
    {
        NativeBuffer buffer = NativeBuffer.OfFloats(table.Columns);
        table.Dequantize(0, buffer.Floats);
        return buffer;
    }

    private Activation Activations(GgufFile file, int layer)
    {
        if (Shape.Activation != ActivationKind.Xielu) return new Activation(Shape.Activation);
        float Value(string key) => file.Metadata.GetFloats(key) is { } values && layer < values.Length ? values[layer] : throw file.Metadata.Absent(key);
        float beta = Value("xielu.beta");
        return new Activation(ActivationKind.Xielu, VectorMath.Softplus(Value("xielu.alpha_p")), beta + VectorMath.Softplus(Value("xielu.alpha_n")), beta, Value("xielu.eps"));
    }

    private void Embed()
    {
        int width = Shape.Width;
        ReadOnlySpan<int> tokens = context.Batch.Tokens, positions = context.Batch.Positions;
        for (int row = 0; row < tokens.Length; row++)
        {
            float* target = residual + (long)row * width;
            if ((uint)tokens[row] >= (uint)Vocabulary) throw new ArgumentOutOfRangeException(nameof(context), $"Token {tokens[row]} is not in the vocabulary of {Vocabulary}.");
            embeddings.Dequantize(tokens[row], target);
            if (Shape.EmbeddingScale != 1f) VectorMath.Scale(target, target, Shape.EmbeddingScale, width);
            if (tokenType is not null) VectorMath.Add(target, tokenType.Floats, width);
            if (positionEmbeddings is null) continue;
            if (positions[row] >= positionEmbeddings.Rows) throw new ArgumentOutOfRangeException(nameof(context), $"Position {positions[row]} is beyond the model's {positionEmbeddings.Rows}.");
            positionEmbeddings.Dequantize(positions[row], line);
            VectorMath.Add(target, line, width);
        }

        embeddingNorm?.Run(residual, residual);
    }

    private void ComputeLogits(StepBatch batch)
    {
        int width = Shape.Width, rows = batch.OutputRows.Count;
        long bytes = (long)rows * Vocabulary * sizeof(float);
        if (logits.ByteCount < bytes)
        {
            logits.Dispose();
            logits = new NativeBuffer(bytes);
        }

        for (int i = 0; i < rows; i++) Buffer.MemoryCopy(Hidden(batch.OutputRows[i]), line + (long)i * width, width * 4L, width * 4L);
        context.Product.Input(line, width, rows, width);
        context.Product.Multiply(output!, logits.Floats, Vocabulary);
        for (int i = 0; i < rows; i++)
        {
            float* row = logits.Floats + (long)i * Vocabulary;
            if (Shape.LogitScale != 1f) VectorMath.Scale(row, row, Shape.LogitScale, Vocabulary);
            if (Shape.LogitSoftCap > 0) for (int t = 0; t < Vocabulary; t++) row[t] = Shape.LogitSoftCap * MathF.Tanh(row[t] / Shape.LogitSoftCap);
        }
    }
}
