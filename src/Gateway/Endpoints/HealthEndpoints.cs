using System.Text;
using Countersign.Gateway.Pipeline;
using Countersign.Gateway.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Endpoints;

/// <summary>For those who run the server: <c>/healthz</c> (the process lives), <c>/readyz</c> (it takes requests), <c>/metrics</c>.</summary>
internal sealed class HealthEndpoints(Readiness readiness, PrometheusText metrics, TimeProvider time)
{
    public Task LiveAsync(HttpContext http) => SendAsync(http, 200, "text/plain", "ok\n");

    public Task ReadyAsync(HttpContext http) => readiness.WhyNot is { } reason ? SendAsync(http, 503, "text/plain", $"{reason}\n") : SendAsync(http, 200, "text/plain", "ready\n");

    public Task MetricsAsync(HttpContext http) => SendAsync(http, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.Write());

    private async Task SendAsync(HttpContext http, int status, string type, string text)
    {
        Arrival.Of(http, time);
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        await http.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted);
    }
}
