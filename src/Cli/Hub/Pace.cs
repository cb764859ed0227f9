using System.Globalization;
using Countersign.Cli.Catalogue;

namespace Countersign.Cli.Hub;

/// <summary>How fast bytes come, over the last ten seconds, and what that means for the rest.</summary>
internal sealed class Pace(long total, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10), Interval = TimeSpan.FromMilliseconds(250);

    private readonly Queue<(long At, long Arrived)> samples = new();
    private long latest;

    /// <summary>The state in words, four times a second at most; <c>null</c> in between.</summary>
    /// <param name="arrived">The bytes that are there. Those of the first call were there before, and count for no speed.</param>
    public string? Tell(long arrived)
    {
        if (samples.Count > 0 && time.GetElapsedTime(latest) < Interval) return null;
        latest = time.GetTimestamp();
        samples.Enqueue((latest, arrived));
        while (samples.Count > 2 && time.GetElapsedTime(samples.Peek().At, latest) > Window) samples.Dequeue();
        return $"{CatalogueText.Bytes(arrived)} of {CatalogueText.Bytes(total)}{Speed(arrived)}";
    }

    private string Speed(long arrived)
    {
        var (at, before) = samples.Peek();
        double seconds = time.GetElapsedTime(at, latest).TotalSeconds, perSecond = (arrived - before) / seconds;
        return seconds <= 0 ? "" : perSecond < 1 ? ", nothing comes" : $", {CatalogueText.Bytes((long)perSecond)}/s, {Left((total - arrived) / perSecond)} left";
    }

    private static string Left(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60):0} min {Math.Floor(seconds % 60):0} s"),
        < 360_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 3600):0} h {Math.Floor(seconds % 3600 / 60):0} min"),
        _ => "days",
    };
}
