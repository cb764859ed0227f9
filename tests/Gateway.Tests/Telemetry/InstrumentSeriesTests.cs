using System.Diagnostics.Metrics;
using Countersign.Gateway.Telemetry;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Countersign.Gateway.Tests.Telemetry;

public sealed class InstrumentSeriesTests : IDisposable
{
    private readonly GatewayMetrics metrics = new();
    private readonly PrometheusText text;
    private readonly Counter<long> counter;

    public InstrumentSeriesTests()
    {
        text = new PrometheusText(metrics);
        counter = metrics.Meter.CreateCounter<long>("things");
    }

    public void Dispose()
    {
        text.Dispose();
        metrics.Dispose();
    }

    [Fact]
    public void Record_EqualStringsOfDifferentObjects_AreOneSeries()
    {
        for (int i = 0; i < 3; i++) counter.Add(1, new Tag(new string("the.key".AsSpan()), new string("value".AsSpan())));
        AssertSeries("things_total{the_key=\"value\"} 3");
    }

    [Fact]
    public void Record_EqualTextsOfDifferentTypes_AreOneSeries()
    {
        foreach (object value in (object[])[200, 200L, "200", 200]) counter.Add(1, new Tag("status", value));
        AssertSeries("things_total{status=\"200\"} 4");
    }

    [Fact]
    public void Record_EqualValuesOfDifferentTexts_AreSeriesOfTheirOwn()
    {
        foreach (decimal value in (decimal[])[1.0m, 1.00m, 1.0m]) counter.Add(1, new Tag("price", value));
        AssertSeries("things_total{price=\"1.0\"} 2", "things_total{price=\"1.00\"} 1");
    }

    [Fact]
    public void Record_NullValue_IsAsIfItWereNotThere()
    {
        counter.Add(1, new Tag("a", null), new Tag("b", "x"));
        counter.Add(1, new Tag("b", "x"));
        counter.Add(1, new Tag("a", null), new Tag("b", "x"));
        counter.Add(1, new Tag("a", null));
        counter.Add(1);
        AssertSeries("things_total 2", "things_total{b=\"x\"} 3");
    }

    [Fact]
    public void Record_SameValuesUnderOtherKeys_AreSeriesOfTheirOwn()
    {
        for (int i = 0; i < 2; i++)
        {
            counter.Add(1, new Tag("a", "x"), new Tag("b", "y"));
            counter.Add(1, new Tag("a", "y"), new Tag("b", "x"));
            counter.Add(1, new Tag("c", "x"), new Tag("b", "y"));
            counter.Add(1, new Tag("a", "x"));
        }

        AssertSeries("things_total{a=\"x\"} 2", "things_total{a=\"x\",b=\"y\"} 2", "things_total{a=\"y\",b=\"x\"} 2", "things_total{c=\"x\",b=\"y\"} 2");
    }

    [Fact]
    public void Record_ValueThatNeedsEscapes_IsOneSeries()
    {
        for (int i = 0; i < 2; i++) counter.Add(1, new Tag("a", "\"\\\n"));
        AssertSeries("things_total{a=\"\\\"\\\\\\n\"} 2");
    }

    [Fact]
    public void Record_BeyondTheLimit_CountsTheRestTogetherAndTheKnownByThemselves()
    {
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 2100; i++) counter.Add(1, new Tag("name", $"\"{i}\""));
        }

        counter.Add(1, new Tag("name", "\"7\""), new Tag("other", null));
        string written = text.Write();
        Assert.Contains("things_total{otel_metric_overflow=\"true\"} 200\n", written);
        Assert.Contains("things_total{name=\"\\\"1999\\\"\"} 2\n", written);
        Assert.Contains("things_total{name=\"\\\"7\\\"\"} 3\n", written);
        Assert.Equal(2001, Lines(written).Length);
    }

    [Fact]
    public void Record_FromManyThreads_LosesNothing()
    {
        const int Threads = 8, Each = 20_000, Names = 50;
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            for (int i = 0; i < Each; i++) counter.Add(1, new Tag("name", $"n{i % Names:00}"), new Tag("status", i % Names));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        AssertSeries([.. Enumerable.Range(0, Names).Select(i => $"things_total{{name=\"n{i:00}\",status=\"{i}\"}} {Threads * Each / Names}")]);
    }

    [Fact]
    public void Record_KnownSeries_AllocatesNothing()
    {
        object status = 200;
        for (int i = 0; i < 2; i++) counter.Add(1, new Tag("route", "a"), new Tag("status", status));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) counter.Add(1, new Tag("route", "a"), new Tag("status", status));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void AssertSeries(params string[] expected) => Assert.Equal(expected, Lines(text.Write()));

    private static string[] Lines(string written) => [.. written.Split('\n').Where(line => line.StartsWith("things_total", StringComparison.Ordinal))];
}
