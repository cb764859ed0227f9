using Countersign.Engine.Cache;
using Countersign.Engine.Gguf;
using Countersign.Engine.Models;

namespace Countersign.Engine;

/// <summary>Bytes that a model takes when it is loaded.</summary>
/// <param name="Weights">The weights in the form that is computed with.</param>
/// <param name="Cache">Keys and values of all sequences.</param>
/// <param name="Work">Intermediate results of a step, about.</param>
public sealed record MemoryNeed(long Weights, long Cache, long Work)
{
    private const int WorkBytesPerNumber = 64; // About what the vectors of a row take, all spaces together, per number of the model's width.

    /// <summary>All of it.</summary>
    public long Total => Weights + Cache + Work;

    /// <summary>What a file takes with these options; nothing is loaded.</summary>
    /// <exception cref="EngineException">The file cannot be used, or the options are wrong.</exception>
    public static MemoryNeed Of(string path, EngineModelOptions options) => EngineErrors.Translated(() =>
    {
        using GgufFile file = GgufFile.Open(path);
        ServingPlan plan = ServingPlan.Make(file, options);
        if (options.Draft is not { } draft) return plan.Need;
        using GgufFile draftFile = GgufFile.Open(draft.Path);
        return plan.Need + plan.OfDraft(draftFile).Need;
    });

    /// <summary>What two models take together.</summary>
    public static MemoryNeed operator +(MemoryNeed one, MemoryNeed other) => new(one.Weights + other.Weights, one.Cache + other.Cache, one.Work + other.Work);

    internal static MemoryNeed Of(GgufFile file, ModelShape shape, int pages, int rows) => new(
        file.Tensors.Sum(static tensor => tensor.ByteCount) + (file.FindTensor("output.weight") is null ? file.FindTensor("token_embd.weight")?.ByteCount ?? 0 : 0),
        pages * KvCache.PageBytes(shape),
        (long)rows * shape.Width * WorkBytesPerNumber);
}
