using System.Globalization;
using System.Text.Json;
using Countersign.Cascade.Money;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>How values are written to and read from columns; the units are those of the first migration.</summary>
internal static class SqliteValues
{
    private const decimal PicoPerUsd = 1_000_000_000_000m;
    private const decimal MaxUsd = 9_000_000m;

    /// <summary>Microseconds since 1970, UTC.</summary>
    public static long ToMicros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Whole microseconds.</summary>
    public static long ToMicros(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A time from its microseconds.</summary>
    public static DateTimeOffset ToTime(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    /// <summary>A day as text.</summary>
    public static string ToDay(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Pico-dollars: exact for whole tokens at prices of up to six decimals per million, otherwise rounded to the nearest. More than nine million dollars is held at that.</summary>
    public static long ToPico(decimal usd) => decimal.ToInt64(decimal.Round(Math.Min(usd, MaxUsd) * PicoPerUsd, MidpointRounding.AwayFromZero));

    /// <summary>US dollars.</summary>
    public static decimal ToUsd(long pico) => pico / PicoPerUsd;

    /// <summary>The known part of a cost in pico-dollars; <c>null</c> where nothing is known.</summary>
    public static long? Known(Cost cost) => cost is { Usd: 0, IsComplete: false } ? null : ToPico(cost.Usd);

    /// <summary>A cost from its two columns.</summary>
    public static Cost Cost(this SqliteDataReader row, int known, int complete) => new(row.Usd(known) ?? 0, row.GetBoolean(complete));

    /// <summary>US dollars, or <c>null</c>.</summary>
    public static decimal? Usd(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : ToUsd(row.GetInt64(column));

    /// <summary>Text, or <c>null</c>.</summary>
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A number, or <c>null</c>.</summary>
    public static long? Long(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <summary>A score, or <c>null</c>.</summary>
    public static double? Double(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    /// <summary>A time.</summary>
    public static DateTimeOffset Time(this SqliteDataReader row, int column) => ToTime(row.GetInt64(column));

    /// <summary>A time, or <c>null</c>.</summary>
    public static DateTimeOffset? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    /// <summary>Milliseconds from a column of microseconds.</summary>
    public static double Milliseconds(this SqliteDataReader row, int column) => row.GetInt64(column) / 1000.0;
}

/// <summary>The words of an enumeration, in snake case.</summary>
internal static class Words<TEnum> where TEnum : struct, Enum
{
    private static readonly Dictionary<TEnum, string> All =
        Enum.GetValues<TEnum>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    /// <summary>The word of a value.</summary>
    public static string Of(TEnum value) => All[value];

    /// <summary>The word of a value, or <c>null</c>.</summary>
    public static string? Of(TEnum? value) => value is { } known ? All[known] : null;
}
