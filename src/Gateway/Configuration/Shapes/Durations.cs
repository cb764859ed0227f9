using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>Times as people write them: a number and <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
internal static partial class Durations
{
    /// <summary>The form, for schemas.</summary>
    public const string Pattern = "^[0-9]{1,9}(\\.[0-9]{1,3})?(ms|s|m|h|d)$";

    private static readonly (string Unit, TimeSpan Length)[] Units =
        [("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1))];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>The duration, or <c>null</c> where the text is none or is longer than ten years.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } match) return null;
        double count = double.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);
        double milliseconds = count * Units.First(unit => unit.Unit == match.Groups["unit"].Value).Length.TotalMilliseconds;
        return milliseconds <= Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    /// <summary>In the largest unit that divides it.</summary>
    public static string Write(TimeSpan duration)
    {
        (string unit, TimeSpan length) = Units.FirstOrDefault(unit => duration.Ticks % unit.Length.Ticks == 0, Units[^1]);
        return duration == TimeSpan.Zero ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{duration / length}{unit}");
    }

    /// <summary>JSON schema cannot compare durations, so that the bounds are only told.</summary>
    public static JsonObject Schema(string least, string most) => new() { ["type"] = "string", ["pattern"] = Pattern, ["title"] = $"{least} to {most}" };

    [GeneratedRegex(@"^(?<count>[0-9]{1,9}(\.[0-9]{1,3})?)(?<unit>ms|s|m|h|d)\z")]
    private static partial Regex Form();
}
