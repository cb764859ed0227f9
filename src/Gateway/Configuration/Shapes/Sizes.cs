using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>Numbers of bytes as people write them: <c>4096</c>, <c>512KiB</c>, <c>32MiB</c>; <c>KB</c> and <c>MB</c> are thousands.</summary>
internal static partial class Sizes
{
    private static readonly (string Unit, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("", 1)];

    /// <summary>The number of bytes, or <c>null</c> where the text is none or is too large.</summary>
    public static long? Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } match) return null;
        long unit = Units.First(unit => unit.Unit == match.Groups["unit"].Value).Bytes;
        decimal bytes = decimal.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) * unit;
        return bytes <= long.MaxValue ? (long)bytes : null;
    }

    /// <summary>In the largest binary unit that divides it.</summary>
    public static string Write(long bytes)
    {
        (string unit, long size) = Units.FirstOrDefault(unit => unit.Unit.EndsWith("iB", StringComparison.Ordinal) && bytes >= unit.Bytes && bytes % unit.Bytes == 0, Units[^1]);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }

    public static JsonObject Schema() => new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = "^[0-9]+(KiB|MiB|GiB|KB|MB|GB)?$" };

    [GeneratedRegex("^(?<count>[0-9]{1,10})(?<unit>KiB|MiB|GiB|KB|MB|GB|)\\z")]
    private static partial Regex Form();
}
