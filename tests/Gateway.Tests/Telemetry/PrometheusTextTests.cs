using System.Diagnostics.Metrics;
using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Access;
using Countersign.Gateway.Ledger;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Tests.Telemetry;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Write_AfterARequest_HasItsCountersHistogramsAndMoney()
    {
        using var metrics = new GatewayMetrics();
        using var text = new PrometheusText(metrics);
        metrics.Record(Finished(), "extract");

        string written = text.Write();

        Assert.Contains("# TYPE countersign_requests_total counter\n", written);
        Assert.Contains("countersign_requests_total{route=\"extract\",end=\"accepted\",status=\"200\"} 1\n", written);
        Assert.Contains("countersign_attempts_total{deployment=\"cheap\",purpose=\"draft\",status=\"completed\"} 1\n", written);
        Assert.Contains("countersign_verdicts_total{route=\"extract\",validator=\"json_schema\",verdict=\"accept\"} 1\n", written);
        Assert.Contains("countersign_cost_usd_total{deployment=\"cheap\"} 0.25\n", written);
        Assert.Contains("# TYPE gen_ai_server_request_duration_seconds histogram\n", written);
        Assert.Contains("gen_ai_server_request_duration_seconds_bucket{gen_ai_request_model=\"extract\",gen_ai_operation_name=\"chat\",le=\"2.5\"} 1\n", written);
        Assert.Contains("gen_ai_server_request_duration_seconds_bucket{gen_ai_request_model=\"extract\",gen_ai_operation_name=\"chat\",le=\"1\"} 0\n", written);
        Assert.Contains("gen_ai_server_request_duration_seconds_bucket{gen_ai_request_model=\"extract\",gen_ai_operation_name=\"chat\",le=\"300\"} 1\n", written);
        Assert.Contains("gen_ai_client_token_usage_sum{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"fleet\",gen_ai_request_model=\"qwen\",gen_ai_token_type=\"input\"} 100\n", written);
    }

    [Fact]
    public void Write_AfterRequestsWithTheSameLabels_CountsThemTogether()
    {
        using var metrics = new GatewayMetrics();
        using var text = new PrometheusText(metrics);
        foreach (string plan in (string[])["extract", "extract", "other", "extract"]) metrics.Record(Finished(), plan);

        string written = text.Write();

        Assert.Contains("countersign_requests_total{route=\"extract\",end=\"accepted\",status=\"200\"} 3\n", written);
        Assert.Contains("countersign_requests_total{route=\"other\",end=\"accepted\",status=\"200\"} 1\n", written);
        Assert.Contains("countersign_attempts_total{deployment=\"cheap\",purpose=\"draft\",status=\"completed\"} 4\n", written);
    }

    [Fact]
    public void Write_LabelWithQuotesAndNewlines_IsEscaped()
    {
        using var metrics = new GatewayMetrics();
        using var text = new PrometheusText(metrics);
        metrics.Record(Finished(), "a \"b\"\n\\c");
        Assert.Contains("route=\"a \\\"b\\\"\\n\\\\c\"", text.Write());
    }

    [Fact]
    public void Write_MoreSeriesThanTheLimit_CountsTheRestTogether()
    {
        using var metrics = new GatewayMetrics();
        using var text = new PrometheusText(metrics);
        for (int i = 0; i < 2100; i++) metrics.Record(Finished(), $"name-{i}");
        Assert.Contains("countersign_requests_total{otel_metric_overflow=\"true\"} 100\n", text.Write());
    }

    [Fact]
    public void Refuse_CountsByKind()
    {
        using var metrics = new GatewayMetrics();
        using var text = new PrometheusText(metrics);
        metrics.Refuse(ProblemKind.RateLimited);
        Assert.Contains("countersign_requests_refused_total{error_type=\"rate_limited\"} 1\n", text.Write());
    }

    [Fact]
    public void Refuse_EveryKind_IsCountedByItsName()
    {
        using var metrics = new GatewayMetrics();
        using var text = new PrometheusText(metrics);
        foreach (var kind in Enum.GetValues<ProblemKind>()) metrics.Refuse(kind);
        string written = text.Write();
        Assert.All(Enum.GetValues<ProblemKind>(), kind => Assert.Contains($"{{error_type=\"{JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString())}\"}} 1\n", written));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(599)]
    [InlineData(600)]
    [InlineData(-1)]
    public void Write_Status_IsANumber(int status)
    {
        using var metrics = new GatewayMetrics();
        using var text = new PrometheusText(metrics);
        metrics.Record(Finished(status), "extract");
        metrics.Record(Finished(status), "extract");
        Assert.Contains($"countersign_requests_total{{route=\"extract\",end=\"accepted\",status=\"{status}\"}} 2\n", text.Write());
    }

    [Fact]
    public void Write_InstrumentWithoutMeasurements_IsLeftOut()
    {
        using var metrics = new GatewayMetrics();
        using var text = new PrometheusText(metrics);
        Assert.DoesNotContain("countersign_", text.Write());
    }

    [Fact]
    public void Write_ObservableInstrument_HasItsLastValues()
    {
        using var metrics = new GatewayMetrics();
        using var text = new PrometheusText(metrics);
        int value = 3;
        metrics.Meter.CreateObservableGauge("seen", () => new Measurement<int>(value, new KeyValuePair<string, object?>("of", "a")));
        text.Write();
        value = 5;
        Assert.Contains("seen{of=\"a\"} 5\n", text.Write());
    }

    private static FinishedRequest Finished(int status = 200)
    {
        var trace = new RequestTrace { End = CascadeEnd.Accepted, Accepted = true };
        var attempt = trace.Open(new AttemptRecord { Deployment = "cheap", Provider = "fleet", RequestModel = "qwen", Purpose = AttemptPurpose.Draft, Started = DateTimeOffset.UnixEpoch });
        (attempt.Status, attempt.Usage, attempt.Cost) = (AttemptStatus.Completed, new Usage { InputTokens = 100, OutputTokens = 10 }, Cost.Of(0.25m));
        trace.Add(new VerdictRecord(1, "json_schema", Verdict.Accept, TimeSpan.Zero));
        return new FinishedRequest
        {
            Id = "req_1",
            Caller = Caller.Local,
            Api = WireApiKind.OpenAiChat,
            Model = "extract",
            Route = "extract",
            Started = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromSeconds(2),
            Status = status,
            Trace = trace,
        };
    }
}
