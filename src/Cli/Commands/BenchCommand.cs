using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Countersign.Engine;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign bench</c>: how fast a model reads prompts and writes answers here, measured as llama-bench does.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var (model, folder) = (Models.Name(), Models.Folder());
        var prompt = Options.Count("--n-prompt", ["-p"], "Tokens of the prompt (pp).", 512, 1);
        var generate = Options.Count("--n-gen", ["-n"], "Tokens that are generated (tg).", 128, 1);
        var repetitions = Options.Count("--repetitions", ["-r"], "How often each is measured.", 5, 1);
        var threads = Options.Count("--threads", ["-t"], "Threads that compute; 0: one for each processor.", 0, 0);
        var draft = new Option<string?>("--model-draft", "-md") { Description = "Also measures writing with this draft model, a smaller one with the same vocabulary.", HelpName = "NAME" };
        var command = new DocumentedCommand(
            "bench", "Measures how fast a model reads prompts (pp) and writes answers (tg), in tokens per second: mean and standard deviation.",
            "countersign bench SmolLM2-135M-Instruct.Q4_1", "countersign bench SmolLM2-135M-Instruct.Q4_1 -p 1024 -n 64 -r 10 -t 2") { model, folder, prompt, generate, repetitions, threads, draft };
        command.SetAction((parsed, cancellationToken) =>
        {
            var terminal = new Terminal(parsed);
            return Models.GuardAsync(terminal, async () =>
            {
                if (Models.Find(parsed.GetRequiredValue(model), parsed.GetRequiredValue(folder), terminal) is not { } path) return ExitCodes.Failed;
                string? draftPath = parsed.GetValue(draft) is { } guesser ? Models.Find(guesser, parsed.GetRequiredValue(folder), terminal) : null;
                if (draftPath is null && parsed.GetValue(draft) is not null) return ExitCodes.Failed;
                var (promptTokens, outputTokens) = (parsed.GetValue(prompt), parsed.GetValue(generate));
                int context = Math.Min(Math.Max(promptTokens, outputTokens) + 1, EngineModelInfo.Read(path).ContextLength);
                // Without guesses from what stands there already: answers to prompts of random tokens repeat themselves, and their guesses would hold too often.
                var options = new EngineModelOptions { ContextLength = context, Threads = parsed.GetValue(threads), PromptLookup = false };
                int used = parsed.GetValue(threads) is > 0 and int asked ? asked : Environment.ProcessorCount;
                List<string[]> rows = [];
                using (var engine = EngineModel.Load(path, options, cancellationToken))
                {
                    rows.Add(Row(engine.Info, used, $"pp{promptTokens}", await MeasureAsync(engine, promptTokens, 0, parsed.GetValue(repetitions), cancellationToken)));
                    rows.Add(Row(engine.Info, used, $"tg{outputTokens}", await MeasureAsync(engine, 1, outputTokens, parsed.GetValue(repetitions), cancellationToken)));
                }

                if (draftPath is not null)
                {
                    using var engine = EngineModel.Load(path, options with { Draft = new() { Path = draftPath } }, cancellationToken);
                    double[] speeds = await MeasureAsync(engine, 1, outputTokens, parsed.GetValue(repetitions), cancellationToken);
                    rows.Add(Row(engine.Info, used, $"tg{outputTokens}, drafted: {engine.Guesses.Held} of {engine.Guesses.Guessed} held", speeds));
                }

                terminal.Table(["model", "size", "weights", "threads", "test", "t/s"], [.. rows]);
                return ExitCodes.Done;
            });
        });
        return command;
    }

    /// <summary>Tokens per second of each repetition, after one that is not counted. Each reads a prompt of its own, so that none finds an earlier one's in the cache.</summary>
    private static async Task<double[]> MeasureAsync(EngineModel engine, int promptTokens, int outputTokens, int repetitions, CancellationToken cancellationToken)
    {
        var speeds = new double[repetitions];
        for (int i = -1; i < repetitions; i++)
        {
            var random = new Random(1000 + i);
            var request = new GenerationRequest
            {
                Prompt = [.. Enumerable.Range(0, promptTokens).Select(_ => random.Next(engine.Info.VocabularySize))],
                Sampling = new() { Temperature = 0 },
                MaxTokens = outputTokens,
                IgnoreEndOfGeneration = true,
            };
            long start = Stopwatch.GetTimestamp();
            await foreach (var _ in engine.GenerateAsync(request, cancellationToken))
            {
            }

            if (i >= 0) speeds[i] = Math.Max(outputTokens, promptTokens) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return speeds;
    }

    private static string[] Row(EngineModelInfo info, int threads, string test, double[] speeds)
    {
        double mean = speeds.Average(), deviation = speeds.Length > 1 ? Math.Sqrt(speeds.Sum(speed => (speed - mean) * (speed - mean)) / (speeds.Length - 1)) : 0;
        var culture = CultureInfo.InvariantCulture;
        return [info.Name, string.Create(culture, $"{info.FileBytes / 1048576.0:0.0} MiB"), string.Create(culture, $"{info.Parameters / 1e6:0.0} M"), $"{threads}", test, string.Create(culture, $"{mean:0.00} ± {deviation:0.00}")];
    }
}
