using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Replay.Scoring;

namespace Countersign.Replay.Results;

/// <summary>What a row's replay found, as it is committed.</summary>
internal sealed record RowResult
{
    /// <summary>The row's name.</summary>
    public required string Row { get; init; }

    /// <summary>The set.</summary>
    public required string Set { get; init; }

    /// <summary>The tasks of the set that count; empty: all.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>Who drafts and who escalates, in words.</summary>
    public required string Description { get; init; }

    /// <summary>What it must show.</summary>
    public required Goal Goal { get; init; }

    /// <summary>Whether it does.</summary>
    public required bool Reached { get; init; }

    /// <summary>The day of the run (UTC).</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Versions: Countersign, .NET, the route (a digest of its file).</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>The questions asked.</summary>
    public required int Questions { get; init; }

    /// <summary>The route.</summary>
    public required Measured Route { get; init; }

    /// <summary>Its accuracy less the strong model's, in points, on the same questions.</summary>
    public required Interval AboveStrong { get; init; }

    /// <summary>The strong model: the route's last deployment.</summary>
    public required string Strong { get; init; }

    /// <summary>Each deployment alone, asked by name through the same gateway.</summary>
    public required IReadOnlyList<Measured> Alone { get; init; }

    /// <summary>What happened on the way.</summary>
    public required Counts Counts { get; init; }

    /// <summary>How far the scorer's own grading agrees with the recorded grades; <c>null</c> where the set has none.</summary>
    public GraderCheck? Grader { get; init; }

    /// <summary>The strong model alone.</summary>
    [JsonIgnore]
    public Measured StrongAlone => Alone.First(alone => alone.Name == Strong);

    /// <summary>The result as it is written to a file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultsJson.Default.RowResult) + "\n";

    /// <summary>Reads a written result.</summary>
    public static RowResult Read(string file) => JsonSerializer.Deserialize(File.ReadAllText(file), ResultsJson.Default.RowResult)!;
}

/// <summary>A route's or a deployment's figures.</summary>
/// <param name="Name">The route or deployment.</param>
/// <param name="Accuracy">Right answers, in percent.</param>
/// <param name="Usd">The money of all attempts, in US dollars.</param>
/// <param name="CostShare">That over the strong model's.</param>
/// <param name="UsdPerSuccess">US dollars per right answer; <c>null</c> where there is none.</param>
internal sealed record Measured(string Name, Interval Accuracy, decimal Usd, Interval CostShare, double? UsdPerSuccess);

/// <summary>What happened to the requests of a route.</summary>
/// <param name="Accepted">Answered by a draft that passed.</param>
/// <param name="Escalated">Answered by a later stage.</param>
/// <param name="Repaired">Asked again with findings.</param>
/// <param name="Mended">Answered in a corrected form, without asking again.</param>
/// <param name="Failed">Ended with an error.</param>
/// <param name="Attempts">Calls of deployments.</param>
/// <param name="Unmatched">Calls that nothing was recorded for, those to deployments alone too.</param>
/// <param name="Ungraded">Answers that could not be graded; they count as wrong.</param>
internal sealed record Counts(int Accepted, int Escalated, int Repaired, int Mended, int Failed, int Attempts, int Unmatched, int Ungraded);

/// <summary>JSON of results.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RowResult))]
internal sealed partial class ResultsJson : JsonSerializerContext;
