using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Countersign.Engine.Cache;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Models;
using Countersign.Engine.Sampling;
using Countersign.Engine.Sampling.Grammar;
using Countersign.Engine.Scheduling;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine;

/// <summary>A loaded model that serves any number of requests at a time. Safe to use from many threads.</summary>
public sealed class EngineModel : IDisposable
{
    private const int MaxChoices = 128;
    private const int MaxTopLogprobs = 128;
    private const int MaxTexts = 4096;

    private readonly Stack<IDisposable> owned = new();
    private readonly EngineModelOptions options;
    private readonly Tokenizer tokenizer;
    private readonly Transformer transformer;
    private readonly Candidates candidates;
    private readonly GrammarCache grammars;
    private readonly Scheduler scheduler;
    private readonly int longestText;

    private EngineModel(GgufFile file, EngineModelOptions options, CancellationToken cancellationToken)
    {
        owned.Push(file);
        try
        {
            this.options = options;
            ServingPlan plan = ServingPlan.Make(file, options);
            GgufFile? draftFile = options.Draft is { } draft ? Own(Open(draft.Path, draft.ExpectedSha256, cancellationToken)) : null;
            ServingPlan? draftPlan = draftFile is null ? null : plan.OfDraft(draftFile);
            plan.RequireMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, draftPlan?.Need);
            tokenizer = Tokenizer.FromGguf(file);
            (Info, MemoryNeed, ContextLength, longestText) = (EngineModelInfo.Read(file, plan.Shape, tokenizer), draftPlan is null ? plan.Need : plan.Need + draftPlan.Need, plan.Shape.ContextLength, plan.PromptRows);
            ComputePool pool = Own(new ComputePool(options.ThreadCount));
            Action<long> progress = Progress(options, MemoryNeed.Weights, cancellationToken);
            KvCache cache = Own(new KvCache(plan.Shape, plan.Pages));
            transformer = Own(new Transformer(file, plan.Shape, pool, cache, KernelChoice.FromEnvironment(), plan.MaxRows, progress));
            if (transformer.Vocabulary < tokenizer.Count) throw new GgufException(Path.GetFileName(file.Path), $"the tokenizer has {tokenizer.Count} tokens, the embedding table {transformer.Vocabulary}.");
            candidates = new Candidates(transformer.Vocabulary);
            grammars = new GrammarCache(tokenizer, transformer.Vocabulary);
            Drafter? drafter = draftFile is null ? null : DrafterOf(draftFile, draftPlan!, pool, progress);
            scheduler = Own(new Scheduler(transformer, cache, options, plan.PromptRows, drafter));
            options.Progress?.Invoke(1); // Tables stay in the file and are not counted on the way.
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the file says about the model.</summary>
    public EngineModelInfo Info { get; }

    /// <summary>Bytes that it takes.</summary>
    public MemoryNeed MemoryNeed { get; }

    /// <summary>Longest sequence that is served, in tokens.</summary>
    public int ContextLength { get; }

    /// <summary>How many tokens were guessed so far, by a draft model or from what stood there already, and how many of them held.</summary>
    public (long Guessed, long Held) Guesses => (scheduler.Guessed, scheduler.Held);

    /// <summary>Steps computed so far.</summary>
    internal long Steps => scheduler.Steps;

    /// <summary>Loads a GGUF file. Takes as long as reading it; call it on a thread that may wait.</summary>
    /// <exception cref="EngineException">The file cannot be used or does not fit into memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing stays loaded.</exception>
    public static EngineModel Load(string path, EngineModelOptions options, CancellationToken cancellationToken) => EngineErrors.Translated(() =>
    {
        options.Validate();
        return new EngineModel(Open(path, options.ExpectedSha256, cancellationToken), options, cancellationToken);
    });

    /// <summary>The SHA-256 of a file in hexadecimal, small letters.</summary>
    public static string Digest(string path, CancellationToken cancellationToken)
    {
        using FileStream stream = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="addSpecial">Adds begin and end tokens where the model wants them: for plain text, not for a rendered template that has its own.</param>
    /// <param name="parseSpecial">Control tokens written in the text become those tokens: never for a user's words.</param>
    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => tokenizer.Encode(text, addSpecial, parseSpecial);

    /// <summary>A user's words as they may be put into a chat template: control tokens that stand in them stay plain text in <see cref="TokenizePrompt"/>.
    /// Marked with U+FDD0, which is no character; the rest is unchanged.</summary>
    public string Guard(string words) => tokenizer.Guard(words);

    /// <summary>Token ids of a rendered chat template: its own control tokens become tokens, those in guarded words (<see cref="Guard"/>) do not.</summary>
    public int[] TokenizePrompt(string rendered) => tokenizer.EncodeGuarded(rendered);

    /// <summary>The text of token ids.</summary>
    /// <param name="tokens">Ids of this model's vocabulary.</param>
    /// <param name="includeSpecial">Writes control tokens out.</param>
    /// <exception cref="EngineException">An id is not in the vocabulary.</exception>
    public string Detokenize(IReadOnlyList<int> tokens, bool includeSpecial)
    {
        RequireTokens(tokens);
        return tokenizer.Decode([.. tokens], unparseSpecial: includeSpecial);
    }

    /// <summary>The bytes that a token adds to a text; they need not be whole characters.</summary>
    /// <exception cref="EngineException">The id is not in the vocabulary.</exception>
    public byte[] TokenBytes(int token, bool includeSpecial)
    {
        RequireTokens([token]);
        return tokenizer.TokenBytes(token, includeSpecial).ToArray();
    }

    /// <summary>Generates. Errors come with the first event; leaving the enumeration or cancelling ends the work within one step.</summary>
    /// <exception cref="EngineException">The request is wrong, too long, or there is no room for it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GenerationSubmission submission = Prepare(request, cancellationToken);
        scheduler.Submit(submission);
        try
        {
            await foreach (GenerationEvent happened in submission.Events.ReadAllAsync(cancellationToken)) yield return happened;
        }
        finally
        {
            submission.Abandon();
        }
    }

    /// <summary>The vectors of texts given as token ids, pooled as the model was made for (mean, first, last), of length 1.</summary>
    /// <exception cref="EngineException">The model gives no vectors, or a text is empty or too long.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<EmbeddingResult> EmbedAsync(IReadOnlyList<IReadOnlyList<int>> texts, CancellationToken cancellationToken)
    {
        if (!Info.IsEmbedding) throw Invalid($"'{Info.Name}' is not an embedding model.");
        if (texts.Count > MaxTexts) throw Invalid($"{texts.Count} texts at once; {MaxTexts} are possible.");
        var submission = new EmbeddingSubmission(texts.Count, cancellationToken);
        for (int i = 0; i < texts.Count; i++)
        {
            RequireTokens(texts[i]);
            if (texts[i].Count == 0) throw Invalid($"Text {i} is empty.");
            if (texts[i].Count > longestText) throw new EngineException(EngineErrorKind.TooLong, $"Text {i} has {texts[i].Count} tokens; the model takes {longestText}.");
            submission.Sequences.Add(new EmbeddingSequence(submission, i, texts[i]));
        }

        if (texts.Count == 0) return new EmbeddingResult([], 0);
        scheduler.Submit(submission);
        using CancellationTokenRegistration registration = cancellationToken.Register(submission.Abandon);
        return new EmbeddingResult(await submission.Result, texts.Sum(static text => text.Count));
    }

    /// <summary>Ends all requests with <see cref="EngineErrorKind.Unloaded"/> and gives the memory back.</summary>
    public void Dispose()
    {
        while (owned.TryPop(out IDisposable? part)) part.Dispose();
    }

    private static EngineException Invalid(string message) => new(EngineErrorKind.InvalidRequest, message);

    private static GgufFile Open(string path, string? expectedSha256, CancellationToken cancellationToken)
    {
        GgufFile file = GgufFile.Open(path);
        try
        {
            ServingPlan.RequireFormats(file);
            if (expectedSha256 is not null) Verify(file, expectedSha256, cancellationToken);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private Drafter DrafterOf(GgufFile file, ServingPlan plan, ComputePool pool, Action<long> progress)
    {
        SharedVocabulary.Require(tokenizer.Vocabulary, Info.Name, Tokenizer.FromGguf(file).Vocabulary, EngineModelInfo.NameOf(file.Path));
        KvCache cache = Own(new KvCache(plan.Shape, plan.Pages));
        return new Drafter(Own(new Transformer(file, plan.Shape, pool, cache, KernelChoice.FromEnvironment(), plan.MaxRows, progress)), cache, transformer.Vocabulary);
    }

    private static void Verify(GgufFile file, string expected, CancellationToken cancellationToken)
    {
        string actual = Digest(file.Path, cancellationToken);
        if (!actual.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new EngineException(EngineErrorKind.CorruptFile, $"{Path.GetFileName(file.Path)} has the SHA-256 {actual}, not the expected {expected}; it is damaged or another file. Fetch it again.");
        }
    }

    private static Action<long> Progress(EngineModelOptions options, long total, CancellationToken cancellationToken)
    {
        long loaded = 0;
        return bytes =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            loaded += bytes;
            options.Progress?.Invoke(Math.Min(1, (double)loaded / total));
        };
    }

    private T Own<T>(T part) where T : IDisposable
    {
        owned.Push(part);
        return part;
    }

    private GenerationSubmission Prepare(GenerationRequest request, CancellationToken cancellationToken)
    {
        if (!transformer.HasLogits) throw Invalid($"'{Info.Name}' is an embedding model; it generates no text.");
        if (request.Prompt.Count == 0) throw Invalid("The prompt is empty.");
        if (request.Choices is < 1 or > MaxChoices) throw Invalid($"{request.Choices} choices; 1 to {MaxChoices} are possible.");
        if (request.TopLogprobs is < 0 or > MaxTopLogprobs) throw Invalid($"{request.TopLogprobs} top log-probabilities; 0 to {MaxTopLogprobs} are possible.");
        if (request.MaxTokens < 0) throw Invalid("MaxTokens must not be negative.");
        RequireTokens(request.Prompt);
        int room = ContextLength - request.Prompt.Count;
        if (room < Math.Min(1, request.MaxTokens ?? 1)) throw new EngineException(EngineErrorKind.TooLong, $"The prompt has {request.Prompt.Count} tokens; the context holds {ContextLength}.");
        try
        {
            StopStrings? stops = request.Stop.Count == 0 ? null : new StopStrings(request.Stop);
            var submission = new GenerationSubmission(request, cancellationToken);
            int limit = Math.Min(request.MaxTokens ?? room, room);
            GrammarMasks? masks = request.Grammar is { } grammar ? grammars.Of(grammar) : null;
            for (int i = 0; i < request.Choices; i++) submission.Sequences.Add(SequenceOf(submission, i, stops, masks, limit));
            return submission;
        }
        catch (ArgumentException wrong)
        {
            throw Invalid(wrong.Message);
        }
    }

    private GenerationSequence SequenceOf(GenerationSubmission submission, int choice, StopStrings? stops, GrammarMasks? masks, int limit)
    {
        TokenChooser Chooser() => new(submission.Request, choice, candidates, masks, tokenizer);
        return new GenerationSequence(submission, Chooser(), tokenizer, stops, choice, limit)
        {
            Draft = options.Draft is { } draft ? new AnswerDraft(Chooser(), new GuessPace(draft.Least, draft.Most, GuessPace.PatienceWithDrafts)) : null,
            LooksBack = options.PromptLookup,
        };
    }

    private void RequireTokens(IReadOnlyList<int> tokens)
    {
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)tokenizer.Count) throw Invalid($"Token {token} is not in the vocabulary of {tokenizer.Count}.");
        }
    }
}
