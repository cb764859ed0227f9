using Countersign.Engine.Cache;
using Countersign.Engine.Gguf;
using Countersign.Engine.Models;
using Countersign.Engine.Scheduling;

namespace Countersign.Engine;

/// <summary>The sizes that a model is served with, decided before anything is loaded.</summary>
internal sealed record ServingPlan(ModelShape Shape, int Pages, int PromptRows, int MaxRows, MemoryNeed Need)
{
    private const int StandardPromptRows = 512;
    private const int LongestEmbedding = 8192;
    private const int ContextsByDefault = 4;

    /// <exception cref="EngineException">The context is longer than the model's, or the cache cannot hold one.</exception>
    public static ServingPlan Make(GgufFile file, EngineModelOptions options)
    {
        options.Validate();
        ModelShape shape = Architectures.Read(file, options.ContextLength > 0 ? options.ContextLength : EngineModelOptions.DefaultContextLimit);
        if (options.ContextLength > shape.TrainedContextLength)
        {
            throw new EngineException(EngineErrorKind.InvalidRequest, $"A context of {options.ContextLength} tokens is longer than the model's {shape.TrainedContextLength}.");
        }

        int promptRows = Math.Min(shape.ContextLength, shape.Pooling == PoolingKind.None ? StandardPromptRows : LongestEmbedding);
        int maxRows = promptRows + options.MaxSequences;
        int pages = PagesOf(shape, options);
        return new ServingPlan(shape, pages, promptRows, maxRows, MemoryNeed.Of(file, shape, pages, maxRows));
    }

    /// <summary>The sizes of a draft model for this one: room for as many answers as are drafted at a time.</summary>
    /// <exception cref="EngineException">One of the two cannot take tokens back, or gives none.</exception>
    public ServingPlan OfDraft(GgufFile draft)
    {
        ModelShape shape = Architectures.Read(draft, Shape.ContextLength);
        RequireSpeculation(Shape, "cannot be helped by a draft model");
        RequireSpeculation(shape, "cannot be a draft model");
        int pages = Drafter.MostAnswers * (shape.ContextLength / KvCache.PageLength + 2), rows = Math.Max(Drafter.MostAnswers, Math.Min(shape.ContextLength, StandardPromptRows));
        return new ServingPlan(shape, pages, rows, rows, MemoryNeed.Of(draft, shape, pages, rows));
    }

    private static void RequireSpeculation(ModelShape shape, string refusal)
    {
        if (shape.IsRecurrent) throw new EngineException(EngineErrorKind.InvalidRequest, $"A model of the architecture '{shape.Architecture}' {refusal}: its recurrent layers cannot take tokens back.");
        if (!shape.Causal || shape.Pooling != PoolingKind.None) throw new EngineException(EngineErrorKind.InvalidRequest, $"A model that gives vectors {refusal}.");
    }

    /// <summary>Refuses weights that cannot be computed with, before any is loaded.</summary>
    /// <exception cref="GgufException">There are such; the message says which formats, and what to fetch.</exception>
    public static void RequireFormats(GgufFile file)
    {
        if (WeightFormats.UnreadIn(file) is { Count: > 0 } formats) throw new GgufException(Path.GetFileName(file.Path), WeightFormats.Refusal(formats));
    }

    /// <summary>Refuses what does not fit, before it is loaded.</summary>
    /// <exception cref="EngineException">There is not enough memory; the message says what would fit.</exception>
    /// <param name="available">Bytes that there are.</param>
    /// <param name="draft">What its draft model takes; null without one.</param>
    public void RequireMemory(long available, MemoryNeed? draft = null)
    {
        long total = Need.Total + (draft?.Total ?? 0);
        if (total <= available) return;
        long pageBytes = KvCache.PageBytes(Shape), left = available - (total - Need.Cache);
        long tokens = pageBytes > 0 ? Math.Max(0, left) / pageBytes * KvCache.PageLength : 0;
        string remedy = tokens >= 256 ? $"A context of {Math.Min(tokens, Shape.ContextLength)} tokens with as large a cache would fit." : "Not even a short context would fit; use a smaller model or a coarser quantisation.";
        throw new EngineException(EngineErrorKind.OutOfMemory, $"The model needs {Mebibytes(total)} (weights {Mebibytes(Need.Weights)}, cache {Mebibytes(Need.Cache)}{(draft is null ? "" : $", draft model {Mebibytes(draft.Total)}")}), but {Mebibytes(available)} are available. {remedy}");
    }

    private static string Mebibytes(long bytes) => $"{bytes >> 20} MiB";

    private static int PagesOf(ModelShape shape, EngineModelOptions options)
    {
        long pageBytes = KvCache.PageBytes(shape), one = shape.ContextLength / KvCache.PageLength + 2;
        long wanted = one * ContextsByDefault;
        if (options.CacheBytes > 0) wanted = options.CacheBytes / Math.Max(pageBytes, 1);
        else if (pageBytes > 0) wanted = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / pageBytes, one, wanted);
        if (wanted >= one) return (int)Math.Min(wanted, 1 << 24);
        throw new EngineException(EngineErrorKind.InvalidRequest, $"A cache of {Mebibytes(options.CacheBytes)} holds {wanted * KvCache.PageLength} tokens, but one context is {shape.ContextLength}. Give it {Mebibytes(one * pageBytes)} or shorten the context.");
    }
}
