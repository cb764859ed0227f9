using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Gateway.Ledger.Reporting;

/// <summary>What a report is about.</summary>
/// <param name="By">What its rows are.</param>
/// <param name="Since">The first moment that counts; <c>null</c>: all.</param>
public sealed record ReportQuery(ReportBy By, DateTimeOffset? Since);

/// <summary>What a report's rows are: the route (or the deployment that was named instead), the deployment whose answer won, the caller, or the day (UTC).</summary>
[JsonConverter(typeof(ReportByJson))]
public enum ReportBy { Route, Deployment, Caller, Day }

/// <summary>What requests came to and what they cost.</summary>
/// <param name="By">What the rows are.</param>
/// <param name="Since">The first moment that counts; <c>null</c>: all.</param>
/// <param name="Rows">A row per group, by name.</param>
/// <param name="Total">All groups together.</param>
public sealed record Report(ReportBy By, DateTimeOffset? Since, IReadOnlyList<ReportRow> Rows, ReportRow Total);

/// <summary>A group of requests.</summary>
public sealed record ReportRow
{
    /// <summary>The group's name.</summary>
    public required string Name { get; init; }

    /// <summary>Requests.</summary>
    public long Requests { get; init; }

    /// <summary>Requests answered by a draft that passed every validator.</summary>
    public long AcceptedDrafts { get; init; }

    /// <summary>Requests with at least one repair.</summary>
    public long Repaired { get; init; }

    /// <summary>Requests that went on to a stronger stage.</summary>
    public long Escalated { get; init; }

    /// <summary>Requests that ended with an error.</summary>
    public long Failed { get; init; }

    /// <summary>Requests whose client left.</summary>
    public long Cancelled { get; init; }

    /// <summary>The money of all attempts of all requests.</summary>
    public required StoredCost Cost { get; init; }

    /// <summary>The part of that money which was charged at list prices of the catalogue, because the configuration declares none, in US dollars.</summary>
    public decimal ListPriced { get; init; }

    /// <summary>Successes and how they are known.</summary>
    public required SuccessCount Successes { get; init; }

    /// <summary>What a success cost; <c>null</c> where no outcome is known.</summary>
    public CostPerSuccess? CostPerSuccess { get; init; }

    /// <summary>The same for the strong model alone, where that was measured in the same time: by plain requests to the deployment to which this group escalates most
    /// (or that audits it), and by that deployment's own answers in audits of this group.</summary>
    public StrongOnly? StrongOnly { get; init; }
}

/// <summary>Requests whose outcome is known, by how it is known. What the caller reported counts before what an audit found, and that before the validators' word
/// (an accepted answer is provisionally a success, and so is that of a stronger stage which the route does not judge; the best of rejected ones, and an error, a failure).
/// A plain answer of which nothing was said is not known.</summary>
/// <param name="Reported">Successes by the caller's report.</param>
/// <param name="Audited">Successes by an audit.</param>
/// <param name="Provisional">Successes by the validators' word.</param>
/// <param name="Known">Requests whose outcome is known, failures included.</param>
public sealed record SuccessCount(long Reported, long Audited, long Provisional, long Known)
{
    /// <summary>All successes.</summary>
    public long Total => Reported + Audited + Provisional;

    /// <summary>The sum.</summary>
    public static SuccessCount operator +(SuccessCount left, SuccessCount right) =>
        new(left.Reported + right.Reported, left.Audited + right.Audited, left.Provisional + right.Provisional, left.Known + right.Known);
}

/// <summary>The money of all requests whose outcome is known, failures included, per success, in US dollars.</summary>
/// <param name="Usd">The ratio; <c>null</c> where nothing succeeded or no money is known.</param>
/// <param name="Low">The lower end of its 95 % interval (Fieller's); <c>null</c> where there is too little to say, or not all that money is known.</param>
/// <param name="High">The upper end; <c>null</c> likewise.</param>
/// <param name="Complete">Whether all that money is known; otherwise a success cost at least that.</param>
public sealed record CostPerSuccess(double? Usd, double? Low, double? High, bool Complete);

/// <summary>What the strong model alone came to.</summary>
/// <param name="Deployment">Which one.</param>
/// <param name="Requests">What it answered: plain requests and audits.</param>
/// <param name="Audits">Of these, its own answers in audits. Such a one is as right as the caller's report and the audit's finding say together: it succeeded where both agree. Without a
/// report it is provisionally a success, as the audit took it for right.</param>
/// <param name="Successes">Its successes and how they are known.</param>
/// <param name="CostPerSuccess">What a success of it cost.</param>
public sealed record StrongOnly(string Deployment, long Requests, long Audits, SuccessCount Successes, CostPerSuccess? CostPerSuccess);

/// <summary>In JSON in the words of the command line.</summary>
internal sealed class ReportByJson() : JsonStringEnumConverter<ReportBy>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>JSON of reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
