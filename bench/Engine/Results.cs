using System.Text.Json.Serialization;

namespace Countersign.Engine.Bench;

/// <summary>What a run found, as it is committed.</summary>
/// <param name="Date">When, UTC.</param>
/// <param name="Machine">Processor, cores, memory, system.</param>
/// <param name="Runtime">The .NET version.</param>
/// <param name="Kernels">The kernel level.</param>
/// <param name="Reference">llama.cpp's version and CPU features.</param>
/// <param name="Repetitions">Of each measurement; the engines take turns.</param>
/// <param name="Measurements">Medians.</param>
internal sealed record Results(DateTimeOffset Date, string Machine, string Runtime, string Kernels, string Reference, int Repetitions, List<Measurement> Measurements);

/// <summary>One test on one model: tokens a second in the median and the best run of both engines. The reference's are null where it was not
/// measured. <paramref name="Load"/> is the machine's load average before the test: other work lowers both numbers.</summary>
internal sealed record Measurement(string Model, string Test, int Threads, double Load, double Median, double Best, double? ReferenceMedian, double? ReferenceBest)
{
    /// <summary>How many times as fast as the reference, by the medians.</summary>
    public double? Ratio => ReferenceMedian is { } reference ? Math.Round(Median / reference, 2) : null;
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Results))]
internal sealed partial class ResultsJson : JsonSerializerContext;
