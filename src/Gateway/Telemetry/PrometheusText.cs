using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Countersign.Gateway.Telemetry;

/// <summary>Collects the process's measurements and writes them in Prometheus' text format (version 0.0.4).
/// Names follow OpenTelemetry's rules for Prometheus: dots become underscores, the unit and <c>_total</c> are appended.</summary>
internal sealed class PrometheusText : IDisposable
{
    private static readonly string[] FrameworkMeters = ["System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<InstrumentSeries> instruments = new();

    public PrometheusText(GatewayMetrics metrics)
    {
        listener.InstrumentPublished = (instrument, active) =>
        {
            if (instrument.Meter != metrics.Meter && !FrameworkMeters.Contains(instrument.Meter.Name)) return;
            var series = new InstrumentSeries(instrument);
            instruments.Enqueue(series);
            active.EnableMeasurementEvents(instrument, series);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    /// <summary>Everything measured so far.</summary>
    public string Write()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var measured in instruments.Where(measured => !measured.IsEmpty).OrderBy(measured => measured.Instrument.Name, StringComparer.Ordinal)) Write(text, measured.Instrument, measured.All);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Instrument instrument, IEnumerable<KeyValuePair<string, Series>> series)
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
}
