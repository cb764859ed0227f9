using System.Text.Json.Serialization;

namespace Countersign.Load.Bench;

/// <summary>What a run found, as it is committed.</summary>
/// <param name="Date">When, UTC.</param>
/// <param name="Machine">Processor, cores, memory, system.</param>
/// <param name="LoadAverage">The machine's before the run: other work makes both servers slower.</param>
/// <param name="Runtime">The .NET version.</param>
/// <param name="Reference">nginx's version.</param>
/// <param name="Rounds">How often each scenario was measured; the servers take turns.</param>
/// <param name="SecondsPerRound">How long each time.</param>
/// <param name="NginxStartMilliseconds">From start to first right answer, median.</param>
/// <param name="GatewayStartMilliseconds">The same.</param>
/// <param name="Scenarios">Medians over the rounds.</param>
internal sealed record Results(
    DateTimeOffset Date, string Machine, double LoadAverage, string Runtime, string Reference, int Rounds, double SecondsPerRound,
    double NginxStartMilliseconds, double GatewayStartMilliseconds, IReadOnlyList<ScenarioResult> Scenarios)
{
    /// <summary>Memory over a long run of scenario A; <c>null</c> where none was made.</summary>
    public Soak? Soak { get; init; }
}

/// <summary>One scenario: nginx, the gateway, and for latencies the upstream without anything between.</summary>
/// <param name="CpuRatio">The gateway's CPU time per right answer over nginx's: median of the rounds' ratios.</param>
internal sealed record ScenarioResult(string Name, string What, double CpuRatio, Figures Nginx, Figures Gateway, Figures Direct);

/// <summary>Medians over rounds. <paramref name="CpuMilliseconds"/> is per right answer, over the server's process tree; latencies are in milliseconds; memory in MiB after the last round.</summary>
internal sealed record Figures(double CpuMilliseconds, double P50, double P99, int Right, int Wrong, double RssMegabytes);

/// <summary>The gateway's memory, in MiB, minute by minute.</summary>
internal sealed record Soak(DateTimeOffset Date, int Right, int Wrong, IReadOnlyList<double> RssMegabytes);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Results))]
internal sealed partial class ResultsJson : JsonSerializerContext;
