using System.Diagnostics;

namespace Countersign.Engine.Bench;

/// <summary>Measures two engines in turn on the same file, so that whatever else the machine does meets both.</summary>
internal sealed class Comparison(int repetitions, bool withReference)
{
    private const int PromptTokens = 512;
    private const int GeneratedTokens = 128;
    private const int TogetherTokens = 32;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(60); // Until the other engine's threads have stopped spinning.

    public IEnumerable<Measurement> Measure(string path, int threads)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        var random = new Random(3);
        int[] prompt = [.. Enumerable.Range(0, PromptTokens).Select(_ => random.Next(1000))], generated = prompt[..GeneratedTokens];
        using var ours = new Countersigned(path, threads);
        using LlamaCpp? reference = withReference ? new LlamaCpp(path, threads) : null;
        IBenchmarked[] engines = reference is null ? [ours] : [ours, reference];
        foreach (IBenchmarked engine in engines)
        {
            engine.Prefill(prompt);
            engine.Decode(prompt[..32]);
        }

        yield return Of(name, $"pp{PromptTokens}", threads, PromptTokens, engines, engine => engine.Prefill(prompt));
        yield return Of(name, $"tg{GeneratedTokens}", threads, GeneratedTokens, engines, engine => engine.Decode(generated));
        yield return Of(name, "8 together", threads, 8 * TogetherTokens, [ours], _ => ours.DecodeTogether(prompt[..TogetherTokens], 8));
    }

    private Measurement Of(string model, string test, int threads, int tokens, IBenchmarked[] engines, Action<IBenchmarked> run)
    {
        double load = Machine.Load();
        var rates = engines.Select(static _ => new List<double>()).ToArray();
        for (int i = 0; i < repetitions; i++)
        {
            for (int e = 0; e < engines.Length; e++)
            {
                Thread.Sleep(Rest);
                long start = Stopwatch.GetTimestamp();
                run(engines[e]);
                rates[e].Add(tokens / Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        foreach (List<double> list in rates) list.Sort();
        double Median(int engine) => Math.Round(rates[engine][rates[engine].Count / 2], 1);
        double Best(int engine) => Math.Round(rates[engine][^1], 1);
        bool both = engines.Length > 1;
        return new Measurement(model, test, threads, load, Median(0), Best(0), both ? Median(1) : null, both ? Best(1) : null);
    }
}
