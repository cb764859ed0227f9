using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Countersign.Gateway.Telemetry;

/// <summary>Collects the process's measurements and writes them in Prometheus' text format (version 0.0.4).
/// Names follow OpenTelemetry's rules for Prometheus: dots become underscores, the unit and <c>_total</c> are appended.</summary>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>Series per instrument; what comes beyond is counted together (OpenTelemetry's cardinality limit).</summary>
    private const int MaxSeries = 2000;

    private static readonly SearchValues<char> MustBeEscaped = SearchValues.Create("\\\"\n");
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly string[] FrameworkMeters = ["System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> instruments = new();

    public PrometheusText(GatewayMetrics metrics)
    {
        listener.InstrumentPublished = (instrument, active) =>
        {
            if (instrument.Meter == metrics.Meter || FrameworkMeters.Contains(instrument.Meter.Name)) active.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    /// <summary>Everything measured so far.</summary>
    public string Write()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var (instrument, series) in instruments.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal)) Write(text, instrument, series);
        return text.ToString();
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = instruments.GetOrAdd(instrument, static _ => new());
        Span<char> room = stackalloc char[512];
        if (!TryWrite(tags, room, out int length) || !all.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(room[..length], out var series))
            series = all.GetOrAdd(all.Count < MaxSeries ? Labels(tags) : "otel_metric_overflow=\"true\"", static (_, instrument) => new Series(BoundsOf(instrument)), instrument);
        if (instrument.IsObservable) series.Set(value);
        else series.Add(value);
    }

    private static double[]? BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> histogram => [.. histogram.Advice?.HistogramBucketBoundaries ?? DefaultBounds],
        Histogram<long> histogram => [.. histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound) ?? DefaultBounds],
        Histogram<int> => DefaultBounds,
        _ => null,
    };

    private static void Write(StringBuilder text, Instrument instrument, ConcurrentDictionary<string, Series> series)
    {
        bool isCounter = instrument.GetType().Name is var type && type.Contains("Counter", StringComparison.Ordinal) && !type.Contains("UpDown", StringComparison.Ordinal);
        bool isHistogram = type.StartsWith("Histogram", StringComparison.Ordinal);
        string name = NameOf(instrument, isCounter);
        if (instrument.Description is { Length: > 0 } help) text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\").Replace("\n", "\\n")).Append('\n');
        text.Append("# TYPE ").Append(name).Append(isHistogram ? " histogram\n" : isCounter ? " counter\n" : " gauge\n");
        foreach (var (labels, values) in series.OrderBy(pair => pair.Key, StringComparer.Ordinal)) values.Write(text, name, labels);
    }

    private static string NameOf(Instrument instrument, bool isCounter)
    {
        string name = string.Concat(instrument.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "USD" => "_usd", _ => "" };
        return name + (name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit) + (isCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? "_total" : "");
    }

    /// <summary>Writes what <see cref="Labels"/> makes, without allocating: it runs ten times for every request. <c>false</c> where that needs an escape or more room.</summary>
    private static bool TryWrite(ReadOnlySpan<KeyValuePair<string, object?>> tags, Span<char> room, out int length)
    {
        length = 0;
        foreach (var (key, value) in tags)
        {
            if (value is null) continue;
            var rest = room[length..];
            if (!rest.TryWrite(CultureInfo.InvariantCulture, $"{(length == 0 ? "" : ",")}{key}=\"{value}\"", out int written)) return false;
            int keyEnd = (length == 0 ? 0 : 1) + key.Length;
            rest[..keyEnd].Replace('.', '_');
            if (rest[(keyEnd + 2)..(written - 1)].ContainsAny(MustBeEscaped)) return false;
            length += written;
        }

        return true;
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
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

    /// <summary>The values of one set of labels.</summary>
    private sealed class Series(double[]? bounds)
    {
        private readonly Lock gate = new();
        private readonly long[] buckets = new long[(bounds?.Length ?? 0) + 1];
        private double sum;
        private long count;

        public void Set(double value)
        {
            lock (gate) sum = value;
        }

        public void Add(double value)
        {
            lock (gate)
            {
                sum += value;
                count++;
                if (bounds is not null) buckets[BucketOf(value, bounds)]++;
            }
        }

        public void Write(StringBuilder text, string name, string labels)
        {
            lock (gate)
            {
                if (bounds is null)
                {
                    Line(text, name, labels, sum);
                    return;
                }

                long below = 0;
                for (int i = 0; i <= bounds.Length; i++)
                {
                    below += buckets[i];
                    string bound = i < bounds.Length ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                    Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", below);
                }

                Line(text, name + "_sum", labels, sum);
                Line(text, name + "_count", labels, count);
            }
        }

        private static int BucketOf(double value, double[] bounds)
        {
            int index = Array.BinarySearch(bounds, value);
            return index < 0 ? ~index : index;
        }

        private static void Line(StringBuilder text, string name, string labels, double value)
        {
            text.Append(name);
            if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
