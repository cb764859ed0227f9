using Countersign.Engine.Sampling;
using Countersign.Engine.Tests.Fixtures;
using Countersign.Engine.Tests.Gguf;

namespace Countersign.Engine.Tests.Scheduling;

/// <summary>Speculation with a draft model on the small conformance models: it changes no answer, whatever the draft model says.</summary>
public sealed class DraftModelTests
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string","maxLength":12}},"required":["a","b"]}""";

    [Theory]
    [InlineData("llama.f32.gguf", "llama.f32.gguf")]
    [InlineData("gemma3.f32.gguf", "gemma3.f32.gguf")]
    [InlineData("deepseek2.f32.gguf", "deepseek2.f32.gguf")]
    [InlineData("gpt-oss.f32.gguf", "gpt-oss.f32.gguf")]
    [InlineData("llama.f32.gguf", "llama.f16.gguf")]
    [InlineData("llama.f32.gguf", "qwen3.f32.gguf")]
    [InlineData("qwen3moe.f32.gguf", "llama.f32.gguf")]
    [InlineData("llama-w256.q8_0.gguf", "llama-w256.q4_0.gguf")]
    public async Task Generate_WithADraftModel_SameBytesAsWithout(string file, string draft)
    {
        using EngineModel plain = Load(file, null), drafted = Load(file, draft);
        for (int number = 0; number < 12; number++)
        {
            Answer expected = await Answer.Of(plain, Request(number)), answer = await Answer.Of(drafted, Request(number));
            Assert.Equal(expected.Exact(), answer.Exact());
            Assert.Equal(expected.Finished.OrderBy(static finished => finished.Choice), answer.Finished.OrderBy(static finished => finished.Choice));
        }

        Assert.True(drafted.Guesses.Guessed > 0);
        if (file == draft) Assert.InRange((double)drafted.Guesses.Held / drafted.Guesses.Guessed, 0.9, 1); // What was guessed beyond a stop string was not judged.
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1.2f)]
    public async Task Generate_WithItselfAsDraft_TakesEveryGuessAndFewSteps(float temperature)
    {
        using EngineModel model = Load("llama.f32.gguf", "llama.f32.gguf");
        Answer answer = await Answer.Of(model, new() { Prompt = [5, 6, 7], Sampling = new() { Temperature = temperature, Seed = 8 }, MaxTokens = 60, IgnoreEndOfGeneration = true });
        Assert.Equal(60, answer.Tokens().Length);
        Assert.Equal(model.Guesses.Guessed, model.Guesses.Held);
        Assert.InRange(model.Steps, 5, 10);
    }

    [Fact]
    public async Task Generate_AmongOthersWithLittleMemory_SameBytesAsAlone()
    {
        GenerationRequest[] requests = [.. Enumerable.Range(0, 12).Select(Request)];
        using EngineModel quiet = Load("llama.f32.gguf", null);
        MemoryNeed need = MemoryNeed.Of(Fixture.Path("arch", "llama.f32.gguf"), new() { ContextLength = 256 });
        using EngineModel busy = Load("llama.f32.gguf", "qwen3.f32.gguf", new() { MaxSequences = 3, CacheBytes = 18 * need.Cache / (4 * (256 / 16 + 2)) });
        Answer[] together = await Task.WhenAll(requests.Select(request => Answer.Of(busy, request)));
        for (int i = 0; i < requests.Length; i++) Assert.Equal((await Answer.Of(quiet, requests[i])).Exact(), together[i].Exact());
    }

    [Fact]
    public async Task Generate_CancelledAtAnyToken_LeavesTheNeighbourAndItsDraftsAlone()
    {
        using EngineModel model = Load("llama.f32.gguf", "llama.f16.gguf");
        GenerationRequest neighbour = Request(7) with { MaxTokens = 60, IgnoreEndOfGeneration = true };
        string expected = (await Answer.Of(model, neighbour)).Exact();
        for (int at = 0; at < 12; at++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<Answer> beside = Answer.Of(model, neighbour);
            int seen = 0;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (GenerationEvent happened in model.GenerateAsync(Request(3) with { MaxTokens = 200, IgnoreEndOfGeneration = true }, cancellation.Token))
                {
                    if (happened is TextGenerated && seen++ == at) await cancellation.CancelAsync();
                }
            });
            Assert.Equal(expected, (await beside).Exact());
        }

        // Whatever was cancelled has given its memory back: a full context is still drafted to its end.
        long before = model.Guesses.Held;
        Answer full = await Answer.Of(model, Request(0) with { Prompt = [5, 6, 7], Stop = [], MaxTokens = 250, IgnoreEndOfGeneration = true, Grammar = null, Choices = 1 });
        Assert.Equal(250, full.Tokens().Length);
        Assert.InRange(model.Guesses.Held - before, 150, 250);
    }

    [Fact]
    public async Task Generate_DraftModelWithAShorterContext_GoesOnWithoutIt()
    {
        using EngineModel plain = Load("llama.f32.gguf", null);
        using EngineModel drafted = Load("llama.f32.gguf", "llama.f32.gguf", new() { Draft = Draft("llama.f32.gguf") with { Most = 3, Least = 3 } });
        var request = new GenerationRequest { Prompt = [5, 6, 7], Sampling = new() { Temperature = 0 }, MaxTokens = 250, IgnoreEndOfGeneration = true };
        Assert.Equal((await Answer.Of(plain, request)).Exact(), (await Answer.Of(drafted, request)).Exact());
        Assert.Equal(0, drafted.Guesses.Guessed % 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Generate_OneVocabularyALittleLonger_SameBytesAsWithout(bool draftIsShorter)
    {
        using var folder = new TemporaryFolder();
        string cut = folder.Write("cut.gguf", CutVocabulary.Of(380)), whole = Fixture.Path("arch", "llama.f32.gguf");
        var (path, draft) = draftIsShorter ? (whole, cut) : (cut, whole);
        var options = new EngineModelOptions { Threads = 1, ContextLength = 256, PromptLookup = false };
        using EngineModel plain = EngineModel.Load(path, options, CancellationToken.None), drafted = EngineModel.Load(path, options with { Draft = new() { Path = draft } }, CancellationToken.None);
        for (int number = 0; number < 6; number++) Assert.Equal((await Answer.Of(plain, Request(number))).Exact(), (await Answer.Of(drafted, Request(number))).Exact());
        Assert.InRange((double)drafted.Guesses.Held / drafted.Guesses.Guessed, 0.5, 1);
    }

    [Fact]
    public void Load_AnotherVocabulary_IsRefused()
    {
        string other = Path.Combine(Countersign.Tests.SharedData.RepositoryRoot, "models", "SmolLM2-135M-Instruct.Q4_1.gguf");
        var refused = Assert.Throws<EngineException>(() => Load("llama.f32.gguf", null, new() { Draft = new() { Path = other } }));
        Assert.Contains("'SmolLM2-135M-Instruct.Q4_1' cannot guess for 'llama.f32'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama.f32.gguf", "nemotron_h.f32.gguf", "'nemotron_h' cannot be a draft model: its recurrent layers")]
    [InlineData("nemotron_h.f32.gguf", "llama.f32.gguf", "'nemotron_h' cannot be helped by a draft model")]
    [InlineData("llama.f32.gguf", "bert-mean.f32.gguf", "vectors cannot be a draft model")]
    public void Load_ModelsThatCannotSpeculate_AreRefused(string file, string draft, string said)
    {
        var refused = Assert.Throws<EngineException>(() => Load(file, draft));
        Assert.Equal(EngineErrorKind.InvalidRequest, refused.Kind);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OptionsOutOfRange_AreRefused()
    {
        foreach (DraftOptions wrong in new[] { Draft("llama.f32.gguf") with { Most = 0 }, Draft("llama.f32.gguf") with { Most = 65 }, Draft("llama.f32.gguf") with { Most = 2, Least = 3 } })
            Assert.Equal(EngineErrorKind.InvalidRequest, Assert.Throws<EngineException>(() => Load("llama.f32.gguf", null, new() { Draft = wrong })).Kind);
        Assert.Equal(EngineErrorKind.CorruptFile, Assert.Throws<EngineException>(() => Load("llama.f32.gguf", null, new() { Draft = Draft("llama.f32.gguf") with { ExpectedSha256 = new string('0', 64) } })).Kind);
    }

    [Fact]
    public void MemoryNeed_WithADraftModel_CountsBoth()
    {
        string path = Fixture.Path("arch", "llama.f32.gguf");
        MemoryNeed alone = MemoryNeed.Of(path, new()), both = MemoryNeed.Of(path, new() { Draft = new() { Path = path } });
        Assert.Equal(2 * alone.Weights, both.Weights);
        Assert.InRange(both.Cache, alone.Cache + 1, 2 * alone.Cache);
        using EngineModel model = EngineModel.Load(path, new() { Threads = 1, Draft = new() { Path = path } }, CancellationToken.None);
        Assert.Equal(both, model.MemoryNeed);
    }

    private static DraftOptions Draft(string file) => new() { Path = Fixture.Path("arch", file) };

    private static EngineModel Load(string file, string? draft, EngineModelOptions? options = null) => EngineModel.Load(
        Fixture.Path("arch", file), (options ?? new()) with { Threads = 1, ContextLength = 256, PromptLookup = false, Draft = options?.Draft ?? (draft is null ? null : Draft(draft)) }, CancellationToken.None);

    /// <summary>Requests of every kind: greedy and sampled, with penalties, several choices, grammars, stop strings, log-probabilities.</summary>
    private static GenerationRequest Request(int number)
    {
        var random = new Random(number);
        return new()
        {
            Prompt = [.. Enumerable.Range(0, 3 + random.Next(60)).Select(_ => random.Next(3, 250))],
            MaxTokens = 20 + random.Next(60),
            TopLogprobs = number % 2 == 0 ? 2 : null,
            Choices = number % 4 == 2 ? 2 : 1,
            Stop = number % 3 == 1 ? ["e", "zq"] : [],
            Grammar = number % 5 == 4 ? OutputGrammar.FromJsonSchema(Schema) : null,
            Sampling = new SamplingOptions { Temperature = number % 3 == 0 ? 0 : 1.1f, TopP = 0.95f, TopK = number % 2 * 40, Seed = (ulong)number, FrequencyPenalty = number % 4 == 1 ? 0.3f : 0, LogitBias = new Dictionary<int, float> { [9] = -1 } },
        };
    }
}
