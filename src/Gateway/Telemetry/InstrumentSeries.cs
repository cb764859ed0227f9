using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Countersign.Gateway.Telemetry;

/// <summary>An instrument's series. One is found by its tags' values, and only where those are new by the text of its labels: every request is counted about eight times. Thread-safe.</summary>
internal sealed class InstrumentSeries(Instrument instrument)
{
    /// <summary>Series per instrument; what comes beyond is counted together (OpenTelemetry's cardinality limit).</summary>
    private const int MaxSeries = 2000;

    private const string Overflow = "otel_metric_overflow=\"true\"";

    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly double[]? bounds = BoundsOf(instrument);
    private readonly bool isObservable = instrument.IsObservable;
    private readonly ConcurrentDictionary<string, Series> byLabels = new();
    private readonly ConcurrentDictionary<Tag[], Series> byTags = new(new TagsComparer());

    public Instrument Instrument => instrument;

    /// <summary>Every series with the text of its labels.</summary>
    public IEnumerable<KeyValuePair<string, Series>> All => byLabels;

    public bool IsEmpty => byLabels.IsEmpty;

    public void Record(double value, ReadOnlySpan<Tag> tags)
    {
        if (!byTags.GetAlternateLookup<ReadOnlySpan<Tag>>().TryGetValue(tags, out var series)) series = FindByLabels(tags);
        if (isObservable) series.Set(value);
        else series.Add(value);
    }

    private Series FindByLabels(ReadOnlySpan<Tag> tags)
    {
        string labels = Labels(tags);
        if (!byLabels.TryGetValue(labels, out var series))
        {
            bool isFull = byLabels.Count >= MaxSeries;
            series = byLabels.GetOrAdd(isFull ? Overflow : labels, static (_, bounds) => new Series(bounds), bounds);
            if (isFull) return series;
        }

        if (AreKept(tags) && byTags.Count < MaxSeries) byTags.TryAdd(tags.ToArray(), series);
        return series;
    }

    /// <summary>Whether tags that equal these always have the same labels. Two decimals may be equal and be written otherwise.</summary>
    private static bool AreKept(ReadOnlySpan<Tag> tags)
    {
        foreach (var (_, value) in tags)
        {
            if (value is not (null or string or int or long or bool)) return false;
        }

        return true;
    }

    private static string Labels(ReadOnlySpan<Tag> tags)
    {
        if (tags.IsEmpty) return "";
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (value is null) continue;
            text.Append(text.Length == 0 ? "" : ",").Append(key.Replace('.', '_')).Append("=\"");
            text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")).Append('"');
        }

        return text.ToString();
    }

    private static double[]? BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> histogram => [.. histogram.Advice?.HistogramBucketBoundaries ?? DefaultBounds],
        Histogram<long> histogram => [.. histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound) ?? DefaultBounds],
        Histogram<int> => DefaultBounds,
        _ => null,
    };

    /// <summary>Compares tags in their order, so that a measurement's span of them finds the array that was kept.</summary>
    private sealed class TagsComparer : IEqualityComparer<Tag[]>, IAlternateEqualityComparer<ReadOnlySpan<Tag>, Tag[]>
    {
        public bool Equals(Tag[]? one, Tag[]? other) => one is not null && other is not null && Equals(one.AsSpan(), other);

        public bool Equals(ReadOnlySpan<Tag> alternate, Tag[] other)
        {
            if (alternate.Length != other.Length) return false;
            for (int i = 0; i < other.Length; i++)
            {
                if (alternate[i].Key != other[i].Key || !AreEqual(alternate[i].Value, other[i].Value)) return false;
            }

            return true;
        }

        public int GetHashCode([DisallowNull] Tag[] tags) => GetHashCode(tags.AsSpan());

        /// <summary>Of the values alone: an instrument's keys hardly ever differ.</summary>
        public int GetHashCode(ReadOnlySpan<Tag> alternate)
        {
            int hash = alternate.Length;
            foreach (var tag in alternate) hash = hash * 31 + (tag.Value?.GetHashCode() ?? 0);
            return hash;
        }

        public Tag[] Create(ReadOnlySpan<Tag> alternate) => alternate.ToArray();

        private static bool AreEqual(object? given, object? kept) => ReferenceEquals(given, kept) || (kept is not null && kept.Equals(given));
    }
}
