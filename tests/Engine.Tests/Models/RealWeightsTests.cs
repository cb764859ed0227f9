using System.Text.Json;
using Countersign.Engine.Cache;
using Countersign.Engine.Kernels;
using Countersign.Tests;

namespace Countersign.Engine.Tests.Models;

/// <summary>The two models that ship with the repository, against their references (models/README.md says how they were made).</summary>
public sealed class RealWeightsTests(ITestOutputHelper output)
{
    private static string Shipped(string name) => Path.Combine(SharedData.RepositoryRoot, "models", name);

    [Fact]
    public void SmolLM2_Scalar_ExactLogProbabilities()
    {
        var (differences, changed, steps, outside) = CompareSmolLM2(KernelLevel.Scalar, conversations: 4);
        Assert.True(differences[^1] <= 0.01, $"largest difference {differences[^1]:g3}, {outside} of {steps} steps with another best token ({changed})");
        Assert.Equal(0, outside);
    }

    [Theory]
    [InlineData("avx2")]
    [InlineData("avxvnni")]
    [InlineData("avx512")]
    public void SmolLM2_FastPaths_NoWorseThanLlamaCpp(string level)
    {
        KernelLevel kernels = Enum.Parse<KernelLevel>(level, ignoreCase: true);
        if (!KernelChoice.IsSupported(kernels)) Assert.Skip($"this machine has no {level}.");
        var (differences, changed, steps, _) = CompareSmolLM2(kernels, conversations: 16);
        double median = differences[differences.Count / 2], high = differences[differences.Count * 95 / 100];
        Assert.True(median <= 0.06 && high <= 0.30 && changed <= 22, $"median {median:g3}, 95th percentile {high:g3}, {changed} of {steps} best tokens differ");
    }

    [Theory]
    [InlineData("scalar")]
    [InlineData("avx2")]
    [InlineData("avxvnni")]
    [InlineData("avx512")]
    public void MiniLM_Texts_AsNearAsLlamaCpp(string level)
    {
        KernelLevel kernels = Enum.Parse<KernelLevel>(level, ignoreCase: true);
        if (!KernelChoice.IsSupported(kernels)) Assert.Skip($"this machine has no {level}.");
        using var model = new LoadedModel(Shipped("all-MiniLM-L6-v2-Q8_0.gguf"), kernels, threads: 2, context: 512, maxRows: 512);
        foreach (JsonElement reference in Lines("all-MiniLM-L6-v2.reference.jsonl"))
        {
            int[] tokens = [.. reference.GetProperty("token_ids").EnumerateArray().Select(static id => id.GetInt32())];
            float[] actual = model.Embed(tokens).Pooled;
            double dot = 0, power = 0, wantedPower = 0;
            int i = 0;
            foreach (JsonElement value in reference.GetProperty("embedding_f64").EnumerateArray())
            {
                dot += actual[i] * value.GetDouble();
                power += (double)actual[i] * actual[i++];
                wantedPower += value.GetDouble() * value.GetDouble();
            }

            double cosine = dot / Math.Sqrt(power * wantedPower);
            Assert.True(cosine >= reference.GetProperty("cosine_llama_cpp_q8_0").GetDouble() - 0.0005, $"cosine {cosine} for {tokens.Length} tokens");
        }
    }

    private static JsonElement[] Lines(string name) => [.. File.ReadLines(Shipped(name)).Where(static line => line.Length > 0).Select(static line =>
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    })];

    private (List<double> Differences, int Changed, int Steps, int Outside) CompareSmolLM2(KernelLevel level, int conversations)
    {
        using var model = new LoadedModel(Shipped("SmolLM2-135M-Instruct.Q4_1.gguf"), level, threads: 2, context: 2048, maxRows: 512);
        var differences = new List<double>();
        int changed = 0, steps = 0, outside = 0;
        foreach (JsonElement reference in Lines("SmolLM2-135M-Instruct.reference.jsonl").Take(conversations))
        {
            List<int> tokens = [.. reference.GetProperty("prompt_tokens").EnumerateArray().Select(static id => id.GetInt32())];
            int row = tokens.Count - 1;
            tokens.AddRange(reference.GetProperty("steps").EnumerateArray().Select(static step => step.GetProperty("id").GetInt32()));
            float[][] logits = Forced(model, tokens, row);
            foreach (JsonElement step in reference.GetProperty("steps").EnumerateArray())
            {
                float[] line = logits[row++];
                double largest = line.Max(), sum = line.Sum(value => Math.Exp(value - largest));
                JsonElement exact = step.GetProperty("exact");
                foreach (JsonElement pair in exact.EnumerateArray())
                {
                    if (pair[1].GetDouble() > -5) differences.Add(Math.Abs(line[pair[0].GetInt32()] - largest - Math.Log(sum) - pair[1].GetDouble()));
                }

                steps++;
                if (Array.IndexOf(line, line.Max()) == exact[0][0].GetInt32()) continue;
                changed++;
                if (exact[0][1].GetDouble() - exact[1][1].GetDouble() > 0.01) outside++;
            }
        }

        differences.Sort();
        output.WriteLine($"{level}: {steps} steps, median {differences[differences.Count / 2]:g3}, 95% {differences[differences.Count * 95 / 100]:g3}, largest {differences[^1]:g3}, {changed} best tokens differ");
        return (differences, changed, steps, outside);
    }

    private static float[][] Forced(LoadedModel model, List<int> tokens, int firstRow)
    {
        using SequenceState sequence = model.NewSequence();
        var logits = new float[tokens.Count][];
        int[] all = [.. tokens];
        for (int start = 0; start < all.Length; start += 512)
        {
            int count = Math.Min(512, all.Length - start);
            model.Batch.Clear();
            Assert.True(sequence.TryReserve(count));
            model.Batch.Add(sequence, all.AsSpan(start, count));
            for (int i = Math.Max(0, firstRow - start); i < count; i++) model.Batch.OutputRows.Add(i);
            model.Model.Forward(model.Batch);
            for (int i = 0; i < model.Batch.OutputRows.Count; i++) logits[start + model.Batch.OutputRows[i]] = model.Model.Logits(i).ToArray();
        }

        return logits;
    }
}
