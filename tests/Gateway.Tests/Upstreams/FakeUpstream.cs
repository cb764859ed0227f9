using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Tests.Upstreams;

/// <summary>An upstream in this process, on a port of its own, that speaks OpenAI's chat, Responses and embeddings APIs, Anthropic's messages, and Gemini's.
/// Without a script it answers properly; with one (<see cref="Then"/>) each request takes the next entry, the last one again and again.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<HttpContext, Task>> scripts = new();
    private readonly TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopbackApp app = null!;

    /// <summary>Its address with the version segment, as a provider's base URL.</summary>
    public Uri BaseUrl => new($"{app.Address}/v1");

    /// <summary>What it was asked, in order.</summary>
    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    /// <summary>Completes when a client left before its answer was complete.</summary>
    public Task Aborted => aborted.Task;

    public static async Task<FakeUpstream> StartAsync()
    {
        var upstream = new FakeUpstream();
        upstream.app = await LoopbackApp.StartAsync(upstream.HandleAsync);
        return upstream;
    }

    /// <summary>Adds to the script; see <see cref="Script"/> for what there is.</summary>
    public FakeUpstream Then(Func<HttpContext, Task> script)
    {
        scripts.Enqueue(script);
        return this;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        string body = await reader.ReadToEndAsync();
        Requests.Enqueue(new ReceivedRequest(context.Request.Path + context.Request.QueryString, context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
        context.Items["body"] = body;
        using var leaving = context.RequestAborted.Register(() => aborted.TrySetResult());
        try
        {
            await Next()(context);
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
    }

    private Func<HttpContext, Task> Next()
    {
        if (scripts.Count > 1 && scripts.TryDequeue(out var script)) return script;
        return scripts.TryPeek(out var last) ? last : Script.Answer();
    }
}

/// <summary>What an upstream was asked.</summary>
internal sealed record ReceivedRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
