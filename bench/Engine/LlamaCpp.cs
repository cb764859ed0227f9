namespace Countersign.Engine.Bench;

/// <summary>llama.cpp with its defaults: F16 cache, weights repacked at load, flash attention as it chooses.</summary>
internal sealed unsafe class LlamaCpp : IBenchmarked
{
    private readonly nint model;
    private readonly nint context;

    public LlamaCpp(string path, int threads)
    {
        model = LlamaApi.LoadModel(path, LlamaApi.DefaultModelParameters());
        if (model == 0) throw new InvalidOperationException($"llama.cpp cannot load {path}.");
        LlamaApi.ContextParameters parameters = LlamaApi.DefaultContextParameters();
        (parameters.Context, parameters.BatchSize, parameters.MicroBatchSize) = (1024, 2048, 512);
        (parameters.Threads, parameters.BatchThreads) = (threads, threads);
        context = LlamaApi.CreateContext(model, parameters);
    }

    public string Name => "llama.cpp";

    public void Prefill(int[] tokens)
    {
        LlamaApi.ClearMemory(LlamaApi.GetMemory(context), false);
        fixed (int* first = tokens) Decode(first, tokens.Length);
    }

    public void Decode(int[] tokens)
    {
        LlamaApi.ClearMemory(LlamaApi.GetMemory(context), false);
        fixed (int* first = tokens) for (int i = 0; i < tokens.Length; i++) Decode(first + i, 1);
    }

    public void Dispose()
    {
        LlamaApi.FreeContext(context);
        LlamaApi.FreeModel(model);
    }

    private void Decode(int* tokens, int count)
    {
        int failure = LlamaApi.Decode(context, LlamaApi.BatchOf(tokens, count));
        if (failure != 0) throw new InvalidOperationException($"llama_decode: {failure}.");
        LlamaApi.Synchronize(context);
    }
}
