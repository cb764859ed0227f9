using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Countersign.Gateway.Telemetry;

/// <summary>Sends traces and metrics by OTLP over HTTP while it lives.</summary>
internal sealed class OtlpExport : IDisposable
{
    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;

    /// <param name="endpoint">The collector's base address, such as <c>http://localhost:4318</c>; <c>v1/traces</c> and <c>v1/metrics</c> are appended.</param>
    public OtlpExport(Uri endpoint)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("countersign");
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(GatewayTracing.SourceName)
            .AddOtlpExporter(options => Configure(options, endpoint, "v1/traces")).Build();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(GatewayMetrics.MeterName, "System.Runtime")
            .AddOtlpExporter(options => Configure(options, endpoint, "v1/metrics")).Build();
    }

    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }

    private static void Configure(OtlpExporterOptions options, Uri endpoint, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
    }
}
