using System.CommandLine;
using System.Globalization;

namespace Countersign.Cli;

/// <summary>Reads spans and moments of time from the command line.</summary>
internal static class Durations
{
    /// <summary>ISO 8601 alone: <c>03/04/2026</c> is another day elsewhere.</summary>
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>An option that takes a span such as <c>90d</c>, <c>24h</c> or <c>30m</c>.</summary>
    public static Option<TimeSpan?> Span(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SPAN",
        CustomParser = result => Options.Read(result, TrySpan, "a span such as 90d, 24h or 30m"),
    };

    /// <summary>An option that takes a moment: a span before now, or a date (UTC).</summary>
    public static Option<DateTimeOffset?> Moment(string name, string description, TimeProvider time) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Options.Read(result, text => TrySpan(text) is { } span ? time.GetUtcNow() - span : TryDate(text), "a span such as 7d or 24h, or a date such as 2026-03-14"),
    };

    private static TimeSpan? TrySpan(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return null;
        var unit = text[^1] switch { 'd' => TimeSpan.FromDays(1), 'h' => TimeSpan.FromHours(1), 'm' => TimeSpan.FromMinutes(1), _ => TimeSpan.Zero };
        return unit > TimeSpan.Zero && number <= Longest / unit ? number * unit : null;
    }

    private static DateTimeOffset? TryDate(string text) =>
        DateTimeOffset.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;
}
