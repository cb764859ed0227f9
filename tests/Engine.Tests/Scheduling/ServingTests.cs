using System.Text.Json;
using Countersign.Engine.Sampling;
using Countersign.Engine.Tests.Fixtures;
using Countersign.Engine.Tests.Models;

namespace Countersign.Engine.Tests.Scheduling;

/// <summary>Many requests at once on the small conformance models.</summary>
public sealed class ServingTests
{
    public static TheoryData<string> Generators => [.. new DirectoryInfo(Fixture.Path("arch")).GetFiles("*.gguf").Select(static file => file.Name).Where(static name => !name.StartsWith("bert", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Generators))]
    public async Task Generate_AmongOthers_SameBytesAsAlone(string file)
    {
        GenerationRequest[] requests = [.. Enumerable.Range(0, 10).Select(Request)];
        string[] alone = new string[requests.Length];
        using (EngineModel quiet = Load(file, new() { MaxSequences = 1, ContextLength = 256 }))
        {
            for (int i = 0; i < requests.Length; i++) alone[i] = (await Answer.Of(quiet, requests[i])).Exact();
        }

        // A cache of 18 pages for up to six sequences of up to 8 pages: some have to give way and start again.
        using EngineModel busy = Load(file, new() { MaxSequences = 6, CacheBytes = 18L * PageBytes(file), ContextLength = 256 });
        Answer[] together = await Task.WhenAll(requests.Select(request => Answer.Of(busy, request)));
        for (int i = 0; i < requests.Length; i++) Assert.Equal(alone[i], together[i].Exact());
    }

    [Theory]
    [MemberData(nameof(Generators))]
    public async Task Generate_WithGuessesFromThePrompt_SameBytesAsWithout(string file)
    {
        int[] repeated = [.. Enumerable.Range(0, 60).Select(static i => 5 + (i % 7))];
        GenerationRequest[] requests =
        [
            new() { Prompt = repeated, Sampling = new() { Temperature = 0 }, MaxTokens = 60, TopLogprobs = 1, IgnoreEndOfGeneration = true },
            new() { Prompt = repeated, Sampling = new() { Temperature = 0.7f, Seed = 3, PresencePenalty = 0.1f }, MaxTokens = 60, TopLogprobs = 1, Choices = 2 },
            new() { Prompt = repeated, Sampling = new() { Temperature = 0.3f, Seed = 4 }, MaxTokens = 7, Stop = ["zz"] },
        ];
        using EngineModel with = Load(file, new() { ContextLength = 256 }), without = Load(file, new() { ContextLength = 256, PromptLookup = false });
        foreach (GenerationRequest request in requests)
        {
            Answer guessed = await Answer.Of(with, request), plain = await Answer.Of(without, request);
            Assert.Equal(plain.Exact(), guessed.Exact());
            Assert.Equal(plain.Finished.Select(static finished => finished.OutputTokens), guessed.Finished.Select(static finished => finished.OutputTokens));
        }

        Assert.InRange(with.Steps, 1, without.Steps);
    }

    [Fact]
    public async Task Generate_WhatRepeatsItself_TakesFewerStepsThanTokens()
    {
        using EngineModel model = Load("llama.f32.gguf", new());
        var request = new GenerationRequest { Prompt = [5, 6, 7], Sampling = new() { Temperature = 0, LogitBias = new Dictionary<int, float> { [9] = 1000 } }, MaxTokens = 40, IgnoreEndOfGeneration = true };
        Assert.Equal(40, (await Answer.Of(model, request)).Tokens().Length);
        Assert.InRange(model.Steps, 5, 15);
    }

    [Fact]
    public async Task Generate_Greedy_GivesTheReferenceContinuation()
    {
        using EngineModel model = Load("llama.f32.gguf", new());
        JsonElement expected = ArchitectureFixture.ReadJson(Fixture.Path("arch", "llama.f32.expected.json"));
        int[] prompt = [.. expected.GetProperty("tokens").EnumerateArray().Select(static token => token.GetInt32())];
        int[] ids = [.. expected.GetProperty("greedy").GetProperty("ids").EnumerateArray().Select(static token => token.GetInt32())];
        Answer answer = await Answer.Of(model, new() { Prompt = prompt, Sampling = new() { Temperature = 0 }, MaxTokens = ids.Length, IgnoreEndOfGeneration = true });
        Assert.Equal(ids, answer.Tokens());
        Assert.Equal(new ChoiceFinished(0, FinishReason.Length, null, ids.Length), answer.Finished[0]);
    }

    [Fact]
    public async Task Generate_SamePromptAgain_TakesItFromTheCacheAndGivesTheSame()
    {
        using EngineModel model = Load("llama.f32.gguf", new());
        GenerationRequest request = Request(1) with { Prompt = Tokens(1, 70) };
        Answer first = await Answer.Of(model, request), second = await Answer.Of(model, request);
        Assert.Equal(0, first.Prompt!.CachedTokens);
        Assert.Equal(64, second.Prompt!.CachedTokens);
        Assert.Equal(first.Exact(), second.Exact());
        Answer other = await Answer.Of(model, request with { Prompt = [.. request.Prompt.Take(40), 5, 6, 7] });
        Assert.Equal(32, other.Prompt!.CachedTokens);
    }

    [Fact]
    public async Task Generate_RecurrentModel_SharesNoPrefix()
    {
        using EngineModel model = Load("nemotron_h.f32.gguf", new());
        GenerationRequest request = Request(1) with { Prompt = Tokens(1, 70) };
        Answer first = await Answer.Of(model, request), second = await Answer.Of(model, request);
        Assert.Equal(0, second.Prompt!.CachedTokens);
        Assert.Equal(first.Exact(), second.Exact());
    }

    [Fact]
    public async Task Generate_SeveralChoices_ComputeThePromptOnceAndDiffer()
    {
        using EngineModel model = Load("qwen3.f32.gguf", new());
        GenerationRequest request = Request(2) with { Prompt = Tokens(2, 50), Choices = 4, MaxTokens = 12 };
        Answer answer = await Answer.Of(model, request);
        Assert.Equal(4, answer.Finished.Count);
        Assert.Equal(4, Enumerable.Range(0, 4).Select(choice => string.Join(' ', answer.Tokens(choice))).Distinct().Count());
        Answer first = await Answer.Of(model, request with { Choices = 1 });
        Assert.Equal(first.Tokens(), answer.Tokens());
    }

    [Fact]
    public async Task Generate_CancelledAtAnyToken_LeavesTheNeighbourAlone()
    {
        using EngineModel model = Load("llama.f32.gguf", new());
        GenerationRequest neighbour = Request(7) with { MaxTokens = 40 };
        string expected = (await Answer.Of(model, neighbour)).Exact();
        for (int at = 0; at < 12; at++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<Answer> beside = Answer.Of(model, neighbour);
            int seen = 0;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (GenerationEvent _ in model.GenerateAsync(Request(at) with { MaxTokens = 100, IgnoreEndOfGeneration = true }, cancellation.Token))
                {
                    if (seen++ == at) await cancellation.CancelAsync();
                }
            });
            Assert.Equal(expected, (await beside).Exact());
        }
    }

    [Fact]
    public async Task Generate_BesideARequestOfManyAnswers_GetsAPlaceAtOnce()
    {
        using EngineModel model = Load("llama.f32.gguf", new() { MaxSequences = 2 });
        int finished = 0, finishedBefore = -1;
        GenerationRequest many = Request(0) with { Choices = 24, MaxTokens = 60, IgnoreEndOfGeneration = true };
        var started = new TaskCompletionSource();
        Task crowd = Task.Run(async () =>
        {
            await foreach (GenerationEvent happened in model.GenerateAsync(many, CancellationToken.None))
            {
                started.TrySetResult();
                if (happened is ChoiceFinished) Interlocked.Increment(ref finished);
            }
        });
        await started.Task;
        await Answer.Of(model, Request(1) with { MaxTokens = 5 });
        finishedBefore = Volatile.Read(ref finished);
        await crowd;
        Assert.InRange(finishedBefore, 0, 12);
        Assert.Equal(24, finished);
    }

    [Fact]
    public async Task Generate_BesideALongPrompt_KeepsWriting()
    {
        string path = Path.Combine(Countersign.Tests.SharedData.RepositoryRoot, "models", "SmolLM2-135M-Instruct.Q4_1.gguf");
        using EngineModel model = EngineModel.Load(path, new() { ContextLength = 3000, PromptLookup = false }, CancellationToken.None);
        int written = 0, after = -1;
        var begun = new TaskCompletionSource();
        using var enough = new CancellationTokenSource();
        Task writer = Task.Run(async () =>
        {
            await foreach (GenerationEvent _ in model.GenerateAsync(Request(0) with { MaxTokens = 2000, IgnoreEndOfGeneration = true }, enough.Token))
            {
                if (Interlocked.Increment(ref written) == 2) begun.TrySetResult();
            }
        });
        await begun.Task;
        await foreach (GenerationEvent happened in model.GenerateAsync(new() { Prompt = Tokens(1, 2600), MaxTokens = 1 }, CancellationToken.None))
        {
            if (happened is PromptEvaluated) after = Volatile.Read(ref written);
        }

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer);
        Assert.InRange(after, 6, 2000); // 2600 tokens are more than five steps of 512 rows, each with a token of the neighbour.
    }

    [Fact]
    public async Task Generate_MoreThanMayWait_IsRefusedAsQueueFull()
    {
        using EngineModel model = Load("llama.f32.gguf", new() { MaxSequences = 1, QueueLength = 2 });
        GenerationRequest request = Request(0) with { MaxTokens = 100, IgnoreEndOfGeneration = true };
        Task<Answer>[] tasks = [.. Enumerable.Range(0, 40).Select(_ => Answer.Of(model, request))];
        await Task.WhenAll(tasks.Select(static task => task.ContinueWith(static _ => { }, TaskScheduler.Default)));
        EngineException[] refused = [.. tasks.Where(static task => task.IsFaulted).Select(static task => (EngineException)task.Exception!.InnerException!)];
        Assert.NotEmpty(refused);
        Assert.All(refused, static exception => Assert.Equal(EngineErrorKind.QueueFull, exception.Kind));
        Assert.True(tasks.Count(static task => task.IsCompletedSuccessfully) >= 2);
        Assert.Single((await Answer.Of(model, request)).Finished);
    }

    [Fact]
    public async Task Dispose_WhileGenerating_EndsTheRequestWithUnloaded()
    {
        EngineModel model = Load("llama.f32.gguf", new());
        EngineException exception = await Assert.ThrowsAsync<EngineException>(async () =>
        {
            await foreach (GenerationEvent happened in model.GenerateAsync(Request(0) with { MaxTokens = 200, IgnoreEndOfGeneration = true }, default))
            {
                if (happened is PromptEvaluated) model.Dispose();
            }
        });
        Assert.Equal(EngineErrorKind.Unloaded, exception.Kind);
    }

    [Fact]
    public async Task Generate_WrongRequests_AreRefusedWithTheirKind()
    {
        using EngineModel model = Load("llama.f32.gguf", new() { ContextLength = 64 });
        GenerationRequest good = Request(0) with { MaxTokens = 2 };
        Assert.Equal(EngineErrorKind.InvalidRequest, await Answer.ErrorOf(model, good with { Prompt = [] }));
        Assert.Equal(EngineErrorKind.InvalidRequest, await Answer.ErrorOf(model, good with { Prompt = [1_000_000] }));
        Assert.Equal(EngineErrorKind.InvalidRequest, await Answer.ErrorOf(model, good with { Prompt = [-1] }));
        Assert.Equal(EngineErrorKind.InvalidRequest, await Answer.ErrorOf(model, good with { Sampling = new() { TopP = 0 } }));
        Assert.Equal(EngineErrorKind.InvalidRequest, await Answer.ErrorOf(model, good with { Stop = [""] }));
        Assert.Equal(EngineErrorKind.InvalidRequest, await Answer.ErrorOf(model, good with { Choices = 0 }));
        Assert.Equal(EngineErrorKind.InvalidRequest, await Answer.ErrorOf(model, good with { MaxTokens = -1 }));
        Assert.Equal(EngineErrorKind.TooLong, await Answer.ErrorOf(model, good with { Prompt = Tokens(0, 64) }));
        Assert.Equal(2, (await Answer.Of(model, good)).Finished[0].OutputTokens);
        Answer full = await Answer.Of(model, good with { Prompt = Tokens(0, 60), MaxTokens = 50, IgnoreEndOfGeneration = true });
        Assert.Equal(new ChoiceFinished(0, FinishReason.Length, null, 4), full.Finished[0]);
    }

    [Fact]
    public async Task Generate_TenThousandStopStrings_StopsAtTheFirstFound()
    {
        using EngineModel model = Load("llama.f32.gguf", new());
        GenerationRequest request = Request(4) with { MaxTokens = 30, IgnoreEndOfGeneration = true };
        string text = (await Answer.Of(model, request)).Text();
        string stop = text.Where(char.IsAsciiLetter).Select(static letter => letter.ToString()).Last();
        Answer answer = await Answer.Of(model, request with { Stop = [.. Enumerable.Range(0, 10_000).Select(static i => $"never-{i}"), stop] });
        Assert.Equal(FinishReason.StopSequence, answer.Finished[0].Reason);
        Assert.Equal(stop, answer.Finished[0].StopSequence);
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], answer.Text());
    }

    [Fact]
    public async Task Generate_PromptLogprobsAndNoTokens_ScoresEveryPromptToken()
    {
        using EngineModel model = Load("llama.f32.gguf", new());
        int[] prompt = Tokens(9, 75);
        Answer warm = await Answer.Of(model, Request(0) with { Prompt = prompt, MaxTokens = 0 });
        Assert.Equal(new ChoiceFinished(0, FinishReason.Length, null, 0), warm.Finished[0]);
        Answer answer = await Answer.Of(model, new() { Prompt = prompt, PromptLogprobs = true, TopLogprobs = 2, MaxTokens = 0 });
        Assert.Equal(75, answer.Prompt!.Logprobs!.Count);
        Assert.Null(answer.Prompt.Logprobs[0]);
        for (int i = 1; i < prompt.Length; i++)
        {
            ScoredToken score = answer.Prompt.Logprobs[i]!;
            Assert.Equal(prompt[i], score.Id);
            Answer direct = await Answer.Of(model, new() { Prompt = prompt[..i], MaxTokens = 1, TopLogprobs = 2, Sampling = new() { Temperature = 0 }, IgnoreEndOfGeneration = true });
            Assert.Equal(direct.Texts[0].Logprob!.Top, score.Top);
        }
    }

    private static EngineModel Load(string file, EngineModelOptions options) => EngineModel.Load(Fixture.Path("arch", file), options with { Threads = 1 }, CancellationToken.None);

    private static long PageBytes(string file)
    {
        MemoryNeed need = MemoryNeed.Of(Fixture.Path("arch", file), new() { ContextLength = 256 });
        return need.Cache / (4 * (256 / 16 + 2));
    }

    private static GenerationRequest Request(int number) => new()
    {
        Prompt = Tokens(number, 3 + number * 11 % 60),
        MaxTokens = 10 + number * 7 % 50,
        TopLogprobs = 0,
        Sampling = new SamplingOptions { Temperature = number % 3 == 0 ? 0 : 1.1f, TopP = 0.95f, Seed = (ulong)number, FrequencyPenalty = number % 4 == 1 ? 0.3f : 0 },
    };

    private static int[] Tokens(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(3, 250))];
    }
}
