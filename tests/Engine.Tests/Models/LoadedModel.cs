using Countersign.Engine.Cache;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Models;

namespace Countersign.Engine.Tests.Models;

/// <summary>A model opened for a test, with the plainest possible use: one sequence at a time.</summary>
internal sealed unsafe class LoadedModel : IDisposable
{
    private readonly GgufFile file;
    private readonly ComputePool pool;

    public LoadedModel(string path, KernelLevel level, int threads = 1, int context = 256, int maxRows = 256)
    {
        file = GgufFile.Open(path);
        pool = new ComputePool(threads);
        ModelShape shape = Architectures.Read(file, context);
        Cache = new KvCache(shape, 1024);
        Model = new Transformer(file, shape, pool, Cache, level, maxRows, null);
        Batch = new StepBatch(maxRows);
    }

    public Transformer Model { get; }

    public KvCache Cache { get; }

    public StepBatch Batch { get; }

    public SequenceState NewSequence() => new(Cache, Model.Shape.Layers.Length);

    /// <summary>Logits of every token, decoded in calls of <paramref name="step"/> tokens.</summary>
    public float[][] Logits(SequenceState sequence, ReadOnlySpan<int> tokens, int step)
    {
        var logits = new float[tokens.Length][];
        for (int start = 0; start < tokens.Length; start += step)
        {
            int count = Math.Min(step, tokens.Length - start);
            Batch.Clear();
            Assert.True(sequence.TryReserve(count));
            Batch.Add(sequence, tokens.Slice(start, count));
            for (int i = 0; i < count; i++) Batch.OutputRows.Add(i);
            Model.Forward(Batch);
            for (int i = 0; i < count; i++) logits[start + i] = Model.Logits(i).ToArray();
        }

        return logits;
    }

    /// <summary>The pooled vector of a text, and the vector of each of its tokens.</summary>
    public (float[] Pooled, float[][] Tokens) Embed(ReadOnlySpan<int> tokens)
    {
        using SequenceState sequence = NewSequence();
        Batch.Clear();
        Assert.True(sequence.TryReserve(tokens.Length));
        Batch.Add(sequence, tokens);
        Model.Forward(Batch);
        var rows = new float[tokens.Length][];
        for (int i = 0; i < rows.Length; i++) rows[i] = Model.Head.Pool(new BatchRun(sequence, i, 1, i), Model.Hidden(0), PoolingKind.None);
        return (Model.Head.Pool(Batch.Runs[0], Model.Hidden(0), Model.Shape.Pooling), rows);
    }

    public void Dispose()
    {
        Model.Dispose();
        Cache.Dispose();
        pool.Dispose();
        file.Dispose();
    }
}
