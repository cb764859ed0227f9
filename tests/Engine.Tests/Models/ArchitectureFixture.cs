using System.Text.Json;
using Countersign.Engine.Cache;
using Countersign.Engine.Kernels;

namespace Countersign.Engine.Tests.Models;

/// <summary>One conformance model with its expected numbers, and the limits for its weight type.</summary>
internal sealed class ArchitectureFixture(string modelPath, JsonElement tolerances)
{
    private static readonly string[] GeluArchitectures = ["gemma2", "gemma3", "gemma4"];
    private static readonly string[] DeltaArchitectures = ["qwen35", "qwen35moe", "qwen3next"];

    private readonly List<string> problems = [];
    private JsonElement expected;
    private double maxAbs;
    private double limitAbs;
    private double limitNmse;

    public static JsonElement ReadJson(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    /// <summary>Compares everything that the fixture lists; returns what is out of its limits, and the largest difference seen.</summary>
    public (List<string> Problems, double MaxAbs) Compare(KernelLevel level, int threads = 1)
    {
        expected = ReadJson(Path.ChangeExtension(modelPath, null) + ".expected.json");
        using var model = new LoadedModel(modelPath, level, threads);
        if (expected.TryGetProperty("sequence", out _)) CompareEmbeddings(model);
        else CompareLogits(model, level);
        return (problems, maxAbs);
    }

    private void SetLimits(bool exact)
    {
        string type = expected.GetProperty("ftype").GetString()!, architecture = expected.GetProperty("architecture").GetString()!;
        string group = !exact && type != "F32" ? type
            : GeluArchitectures.Contains(architecture) ? "F32, GELU archs (gemma2, gemma3, gemma4)"
            : DeltaArchitectures.Contains(architecture) ? "F32, delta-net archs (qwen35, qwen35moe, qwen3next)"
            : "F32, all others";
        if (expected.TryGetProperty("sequence", out _)) group = "F32 embeddings";
        JsonElement limit = tolerances.GetProperty("groups").GetProperty(group).GetProperty("suggested_limit_for_another_engine");
        (limitAbs, limitNmse) = (limit.GetProperty("max_abs").GetDouble(), limit.GetProperty("nmse").GetDouble());
    }

    private void CompareLogits(LoadedModel model, KernelLevel level)
    {
        int[] tokens = [.. expected.GetProperty("tokens").EnumerateArray().Select(static token => token.GetInt32())];
        bool quantised = expected.TryGetProperty("dequantised_f32", out JsonElement dequantised);
        bool exact = level == KernelLevel.Scalar || !quantised;
        SetLimits(exact);
        JsonElement batch = exact && quantised ? dequantised.GetProperty("positions") : expected.GetProperty("batch");
        using SequenceState whole = model.NewSequence(), single = model.NewSequence();
        float[][] together = model.Logits(whole, tokens, tokens.Length), stepwise = model.Logits(single, tokens, 1);
        ComparePositions("batch", batch, together);
        ComparePositions("step_by_step", exact && quantised ? batch : expected.GetProperty("step_by_step"), stepwise);
        if (exact && quantised && dequantised.TryGetProperty("greedy", out JsonElement greedy)) CompareGreedy(model, whole, together[^1], greedy);
        else if (!quantised) CompareGreedy(model, whole, together[^1], expected.GetProperty("greedy"));
    }

    private void ComparePositions(string what, JsonElement positions, float[][] logits)
    {
        double error = 0, power = 0, worst = 0;
        foreach (JsonElement position in positions.EnumerateArray())
        {
            float[] row = logits[position.GetProperty("pos").GetInt32()];
            int token = 0;
            foreach (JsonElement value in position.GetProperty("first32").EnumerateArray()) Add(row[token++], value.GetDouble());
            foreach (JsonElement pair in position.GetProperty("top20").EnumerateArray()) Add(row[pair[0].GetInt32()], pair[1].GetDouble());
        }

        void Add(double actual, double wanted)
        {
            error += (actual - wanted) * (actual - wanted);
            power += wanted * wanted;
            worst = double.IsNaN(actual) ? double.PositiveInfinity : Math.Max(worst, Math.Abs(actual - wanted));
        }

        Judge(what, worst, error / power);
    }

    private void CompareGreedy(LoadedModel model, SequenceState sequence, float[] logits, JsonElement greedy)
    {
        JsonElement.ArrayEnumerator margins = greedy.GetProperty("margin_to_second").EnumerateArray();
        foreach (JsonElement id in greedy.GetProperty("ids").EnumerateArray())
        {
            margins.MoveNext();
            if (margins.Current.GetDouble() < 2 * limitAbs) return;
            int best = Array.IndexOf(logits, logits.Max());
            if (best != id.GetInt32())
            {
                problems.Add($"greedy token {best} instead of {id.GetInt32()}");
                return;
            }

            logits = model.Logits(sequence, [best], 1)[0];
        }
    }

    private void CompareEmbeddings(LoadedModel model)
    {
        SetLimits(exact: true);
        foreach (string name in new[] { "sequence", "short_sequence" })
        {
            JsonElement sequence = expected.GetProperty(name);
            int[] tokens = [.. sequence.GetProperty("tokens").EnumerateArray().Select(static token => token.GetInt32())];
            var (pooled, rows) = model.Embed(tokens);
            CompareVector(name + ".pooled", sequence.GetProperty("pooled"), pooled);
            foreach (JsonElement token in sequence.GetProperty("token_embeddings").EnumerateArray()) CompareVector(name, token.GetProperty("first32"), rows[token.GetProperty("pos").GetInt32()]);
        }
    }

    private void CompareVector(string what, JsonElement wanted, float[] actual)
    {
        double error = 0, power = 0, worst = 0;
        int i = 0;
        foreach (JsonElement value in wanted.EnumerateArray())
        {
            double difference = actual[i++] - value.GetDouble();
            error += difference * difference;
            power += value.GetDouble() * value.GetDouble();
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, Math.Abs(difference));
        }

        Judge(what, worst, error / power);
    }

    private void Judge(string what, double worst, double nmse)
    {
        maxAbs = Math.Max(maxAbs, worst);
        if (!(worst <= limitAbs && nmse <= limitNmse)) problems.Add($"{what}: largest difference {worst:g3} (limit {limitAbs}), nmse {nmse:g3} (limit {limitNmse})");
    }
}
