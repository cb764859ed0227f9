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
            var (terminal, order) = (new Terminal(parsed), new Order(parsed.GetValue(prompt), parsed.GetValue(generate), parsed.GetValue(repetitions), parsed.GetValue(threads)));
            return Models.GuardAsync(terminal, () => RunAsync(parsed.GetRequiredValue(model), parsed.GetValue(draft), parsed.GetRequiredValue(folder), order, terminal, cancellationToken));
        });
        return command;
    }

    private static async Task<int> RunAsync(string model, string? draft, string folder, Order order, Terminal terminal, CancellationToken cancellationToken)
    {
        if (Models.Find(model, folder, terminal) is not { } path) return ExitCodes.Failed;
        string? draftPath = draft is null ? null : Models.Find(draft, folder, terminal);
        if (draftPath is null && draft is not null) return ExitCodes.Failed;
        int context = Math.Min(Math.Max(order.PromptTokens, order.OutputTokens) + 1, EngineModelInfo.Read(path).ContextLength);
        // Without guesses from what stands there already: answers to prompts of random tokens repeat themselves, and their guesses would hold too often.
        var options = new EngineModelOptions { ContextLength = context, Threads = order.Threads, PromptLookup = false };
        List<string[]> rows = await MeasurePlainAsync(path, options, order, cancellationToken);
        if (draftPath is not null) rows.Add(await MeasureDraftedAsync(path, options with { Draft = new() { Path = draftPath } }, order, cancellationToken));
        terminal.Table(["model", "size", "weights", "threads", "test", "t/s"], [.. rows]);
        return ExitCodes.Done;
    }

    private static async Task<List<string[]>> MeasurePlainAsync(string path, EngineModelOptions options, Order order, CancellationToken cancellationToken)
    {
        using var engine = EngineModel.Load(path, options, cancellationToken);
        return
        [
            Row(engine.Info, order, $"pp{order.PromptTokens}", await MeasureAsync(engine, order.PromptTokens, 0, order.Repetitions, cancellationToken)),
            Row(engine.Info, order, $"tg{order.OutputTokens}", await MeasureAsync(engine, 1, order.OutputTokens, order.Repetitions, cancellationToken)),
        ];
    }

    private static async Task<string[]> MeasureDraftedAsync(string path, EngineModelOptions options, Order order, CancellationToken cancellationToken)
    {
        using var engine = EngineModel.Load(path, options, cancellationToken);
        double[] speeds = await MeasureAsync(engine, 1, order.OutputTokens, order.Repetitions, cancellationToken);
        return Row(engine.Info, order, $"tg{order.OutputTokens}, drafted: {engine.Guesses.Held} of {engine.Guesses.Guessed} held", speeds);
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

    private static string[] Row(EngineModelInfo info, Order order, string test, double[] speeds)
    {
        double mean = speeds.Average(), deviation = speeds.Length > 1 ? Math.Sqrt(speeds.Sum(speed => (speed - mean) * (speed - mean)) / (speeds.Length - 1)) : 0;
        var culture = CultureInfo.InvariantCulture;
        return [info.Name, string.Create(culture, $"{info.FileBytes / 1048576.0:0.0} MiB"), string.Create(culture, $"{info.Parameters / 1e6:0.0} M"), $"{(order.Threads > 0 ? order.Threads : Environment.ProcessorCount)}", test, string.Create(culture, $"{mean:0.00} ± {deviation:0.00}")];
    }

    private sealed record Order(int PromptTokens, int OutputTokens, int Repetitions, int Threads);
}
