using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Replay;

/// <summary>A row of the table: a route over a recorded set, and what it must show. Its route file is <c>NAME.yaml</c> beside the file that lists it.</summary>
internal sealed record Row
{
    /// <summary>Its name, also the route's.</summary>
    public required string Name { get; init; }

    /// <summary>The set's folder.</summary>
    public required string Set { get; init; }

    /// <summary>The tasks of the set that count; empty: all.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>Who drafts and who escalates, in words.</summary>
    public required string Description { get; init; }

    /// <summary>What it must show.</summary>
    public required Goal Goal { get; init; }
}

/// <summary>What a row must show. What is left out is not demanded.</summary>
/// <param name="Accuracy">At least this accuracy, in percent.</param>
/// <param name="AboveStrong">At least so many points above the strong model alone.</param>
/// <param name="Cost">At most this share of the strong model's cost.</param>
internal sealed record Goal(double? Accuracy = null, double? AboveStrong = null, double? Cost = null)
{
    /// <summary>Whether measured figures, rounded as the goal is, reach it.</summary>
    public bool IsReachedBy(double accuracy, double strong, double? cost) =>
        Math.Round(accuracy, 1) >= (Accuracy ?? 0) && (AboveStrong is not { } above || Math.Round(accuracy - strong, 1) >= above) && (Cost is not { } most || (cost is { } share && Math.Round(share, 2) <= Math.Round(most, 2)));

    /// <inheritdoc/>
    public override string ToString()
    {
        string accuracy = AboveStrong is { } above ? FormattableString.Invariant($"{above:F1} points above") : FormattableString.Invariant($"{Accuracy:F1} %");
        return Cost is { } cost ? FormattableString.Invariant($"{accuracy} at {cost:0.00#}") : accuracy;
    }
}

/// <summary>A file of rows.</summary>
internal static class Rows
{
    /// <summary>Reads the rows of a file.</summary>
    public static IReadOnlyList<Row> Load(string file) => JsonSerializer.Deserialize(File.ReadAllText(file), RowsJson.Default.IReadOnlyListRow)!;
}

/// <summary>JSON of rows.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(IReadOnlyList<Row>))]
internal sealed partial class RowsJson : JsonSerializerContext;
