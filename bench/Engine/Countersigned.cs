using Countersign.Engine.Cache;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Models;

namespace Countersign.Engine.Bench;

/// <summary>Our engine without the serving layer.</summary>
internal sealed class Countersigned : IBenchmarked
{
    private const int Context = 1024;

    private readonly GgufFile file;
    private readonly ComputePool pool;
    private readonly KvCache cache;
    private readonly Transformer model;
    private readonly StepBatch batch = new(512);

    public Countersigned(string path, int threads)
    {
        file = GgufFile.Open(path);
        ModelShape shape = Architectures.Read(file, Context);
        pool = new ComputePool(threads);
        cache = new KvCache(shape, Context / KvCache.PageLength * 8);
        model = new Transformer(file, shape, pool, cache, KernelChoice.FromEnvironment(), batch.Capacity, null);
    }

    public string Name => "Countersign";

    public void Prefill(int[] tokens)
    {
        using var sequence = new SequenceState(cache, model.Shape.Layers.Length);
        for (int start = 0; start < tokens.Length; start += batch.Capacity) Step(sequence, tokens.AsSpan(start, Math.Min(batch.Capacity, tokens.Length - start)));
    }

    public void Decode(int[] tokens)
    {
        using var sequence = new SequenceState(cache, model.Shape.Layers.Length);
        for (int i = 0; i < tokens.Length; i++) Step(sequence, tokens.AsSpan(i, 1));
    }

    /// <summary>Decodes <paramref name="sequences"/> sequences together.</summary>
    public void DecodeTogether(int[] tokens, int sequences)
    {
        SequenceState[] states = [.. Enumerable.Range(0, sequences).Select(_ => new SequenceState(cache, model.Shape.Layers.Length))];
        foreach (int token in tokens)
        {
            batch.Clear();
            for (int i = 0; i < sequences; i++)
            {
                states[i].TryReserve(1);
                batch.OutputRows.Add(batch.Count);
                batch.Add(states[i], [token]);
            }

            model.Forward(batch);
        }

        foreach (SequenceState state in states) state.Dispose();
    }

    public void Dispose()
    {
        model.Dispose();
        cache.Dispose();
        pool.Dispose();
        file.Dispose();
    }

    private void Step(SequenceState sequence, ReadOnlySpan<int> tokens)
    {
        if (!sequence.TryReserve(tokens.Length)) throw new InvalidOperationException("The cache is too small.");
        batch.Clear();
        batch.Add(sequence, tokens);
        batch.OutputRows.Add(tokens.Length - 1);
        model.Forward(batch);
    }
}
