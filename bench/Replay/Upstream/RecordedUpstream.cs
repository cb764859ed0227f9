using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Countersign.Replay.Recordings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Replay.Upstream;

/// <summary>A server on loopback that speaks OpenAI's chat API and answers as recorded models did. A prompt that was not recorded gets a 404, which is counted; answers are never made up.</summary>
internal sealed class RecordedUpstream : IAsyncDisposable
{
    private readonly RecordedSet set;
    private readonly FaultPlan faults;
    private readonly double latencyScale;
    private readonly TimeProvider time;
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<(string Model, string Prompt), int> calls = new();
    private readonly ConcurrentDictionary<Fault, int> served = new();
    private int answered, unmatched;

    private RecordedUpstream(RecordedSet set, FaultPlan faults, double latencyScale, TimeProvider time)
    {
        (this.set, this.faults, this.latencyScale, this.time) = (set, faults, latencyScale, time);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(HandleAsync);
    }

    /// <summary>Its address with the version segment, as a provider's base URL.</summary>
    public string BaseUrl => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/v1";

    /// <summary>Requests that were answered from the recording, with or without a fault.</summary>
    public int Answered => answered;

    /// <summary>Requests that nothing was recorded for.</summary>
    public int Unmatched => unmatched;

    /// <summary>How often each fault was made.</summary>
    public IReadOnlyDictionary<Fault, int> Faults => served;

    /// <summary>Starts to listen on a free port.</summary>
    /// <param name="set">What to answer.</param>
    /// <param name="faults">What fails on purpose.</param>
    /// <param name="latencyScale">The recorded latency times this is waited; 0: not at all.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RecordedUpstream> StartAsync(RecordedSet set, FaultPlan faults, double latencyScale, TimeProvider time, CancellationToken cancellationToken)
    {
        var upstream = new RecordedUpstream(set, faults, latencyScale, time);
        await upstream.app.StartAsync(cancellationToken);
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        try
        {
            if (http.Request.Method != "POST" || http.Request.Path != "/v1/chat/completions") await Sending.RefuseAsync(http, 404, "There is only POST /v1/chat/completions here.", "not_found");
            else await AnswerAsync(http);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The client left: a stalled answer ends so.
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var request = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var body = request.RootElement;
        string model = SetFile.Text(body, "model"), prompt = PromptDigest.Of(body);
        if (set.Find(prompt, model) is not { } answer)
        {
            Interlocked.Increment(ref unmatched);
            await Sending.RefuseAsync(http, 404, $"No answer of '{model}' to this prompt was recorded.", "not_recorded");
            return;
        }

        Interlocked.Increment(ref answered);
        var fault = faults.Draw(model, prompt, calls.AddOrUpdate((model, prompt), 0, (_, call) => call + 1));
        if (fault is { } made) served.AddOrUpdate(made, 1, (_, count) => count + 1);
        bool includeUsage = body.TryGetProperty("stream_options", out var options) && options.TryGetProperty("include_usage", out var include) && include.ValueKind == JsonValueKind.True;
        bool stream = body.TryGetProperty("stream", out var streamed) && streamed.ValueKind == JsonValueKind.True;
        var sending = new Sending(http, Reply.Of(answer, MaxOutputTokens(body)), stream, includeUsage, (answer.Latency ?? TimeSpan.Zero) * latencyScale, time);
        await sending.RunAsync(fault);
    }

    private static int? MaxOutputTokens(JsonElement body) =>
        body.TryGetProperty("max_completion_tokens", out var tokens) || body.TryGetProperty("max_tokens", out tokens) ? tokens.ValueKind == JsonValueKind.Number ? tokens.GetInt32() : null : null;
}
