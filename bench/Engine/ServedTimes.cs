using System.Diagnostics;
using Countersign.Engine.Sampling;

namespace Countersign.Engine.Bench;

/// <summary>Times as a caller of the engine sees them, the serving layer included: to the first token of an answer, and of a whole answer with and without guesses from its prompt.</summary>
internal static class ServedTimes
{
    private const int PromptTokens = 100;
    private const int AnswerTokens = 96;
    private const string FreeText = "<|im_start|>user\nTell me a story about a fox who wants to learn to sail.<|im_end|>\n<|im_start|>assistant\n";
    private const string CopyingText = """
        <|im_start|>user
        Copy this list, with every price raised to 5.00:
        - item: rye bread, shelf: bakery, price: 4.20
        - item: tomato plants, shelf: garden, price: 14.40
        - item: guitar strings, shelf: music, price: 11.90
        - item: cough syrup, shelf: pharmacy, price: 8.75
        - item: potting soil, shelf: garden, price: 7.60
        <|im_end|>
        <|im_start|>assistant
        - item: rye bread, shelf: bakery, price: 5.00
        - item:
        """;

    /// <summary>Prints medians.</summary>
    public static async Task PrintAsync(string path, int threads, int repetitions)
    {
        using EngineModel with = EngineModel.Load(path, new() { Threads = threads, ContextLength = 1024 }, CancellationToken.None);
        using EngineModel without = EngineModel.Load(path, new() { Threads = threads, ContextLength = 1024, PromptLookup = false }, CancellationToken.None);
        var random = new Random(5);
        List<double> first = [];
        for (int i = -1; i < repetitions; i++)
        {
            // A prompt of its own each time, so that none is found in the cache.
            int[] prompt = [.. Enumerable.Range(0, PromptTokens).Select(_ => random.Next(1000, with.Info.VocabularySize - 1000))];
            double time = await TimeAsync(with, new() { Prompt = prompt, MaxTokens = 1, IgnoreEndOfGeneration = true });
            if (i >= 0) first.Add(time); // The first warms up.
        }

        Console.WriteLine($"{Path.GetFileNameWithoutExtension(path)}, {threads} threads, load {Machine.Load():f1}: first token of a {PromptTokens}-token prompt {Median(first):f0} ms");
        await PrintAsync("that copies its prompt", with, without, CopyingText, repetitions);
        await PrintAsync("that copies nothing", with, without, FreeText, repetitions);
    }

    private static async Task PrintAsync(string what, EngineModel with, EngineModel without, string text, int repetitions)
    {
        var request = new GenerationRequest { Prompt = with.Tokenize(text, false, true), MaxTokens = AnswerTokens, Sampling = new SamplingOptions { Temperature = 0 }, IgnoreEndOfGeneration = true };
        List<double> guessed = [], plain = [];
        for (int i = 0; i < repetitions; i++)
        {
            guessed.Add(await TimeAsync(with, request));
            plain.Add(await TimeAsync(without, request));
        }

        Console.WriteLine($"  an answer of {AnswerTokens} tokens {what}: {Median(guessed):f0} ms with guesses, {Median(plain):f0} ms without, ratio {Median(plain) / Median(guessed):f2}");
    }

    private static async Task<double> TimeAsync(EngineModel model, GenerationRequest request)
    {
        long start = Stopwatch.GetTimestamp();
        await foreach (GenerationEvent happened in model.GenerateAsync(request, CancellationToken.None))
        {
            if (happened is TextGenerated && request.MaxTokens == 1) break;
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
