using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Cli.Hub;
using Countersign.Gateway.Tests.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Countersign.Cli.Tests.Hub;

/// <summary>What a hub was asked.</summary>
internal sealed record HubRequest(string Path, string? Authorization, string? Range, string? IfRange);

/// <summary>A model hub in this process with one repository, <c>org/tiny</c>. It answers properly, or as <see cref="Then"/> says: each request takes the next entry.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Repository = "org/tiny", Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly ConcurrentQueue<Func<HttpContext, Task>> scripts = new();
    private LoopbackApp app = null!;

    public string Address => app.Address;

    /// <summary>Its files by their paths.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Digests that it publishes although they are wrong; <c>null</c>: none is published.</summary>
    public Dictionary<string, string?> Published { get; } = [];

    /// <summary>Sizes that it publishes although they are wrong.</summary>
    public Dictionary<string, long> Sizes { get; } = [];

    public object Card { get; set; } = new { sha = Commit, tags = new[] { "gguf", "license:apache-2.0" }, gated = false };

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    public IEnumerable<HubRequest> Downloads => Requests.Where(request => request.Path.Contains("/resolve/", StringComparison.Ordinal));

    public static async Task<FakeHub> StartAsync()
    {
        var hub = new FakeHub();
        hub.app = await LoopbackApp.StartAsync(hub.HandleAsync);
        return hub;
    }

    /// <summary>Adds an answer to the next download that is not scripted yet; where all are used up, it answers properly.</summary>
    public FakeHub Then(Func<HttpContext, Task> script)
    {
        scripts.Enqueue(script);
        return this;
    }

    /// <summary>Impatient options for this hub.</summary>
    public HubOptions Options(string? token = null, Func<string, long>? freeBytes = null) => new()
    {
        Endpoint = Address,
        Token = token,
        StallAfter = TimeSpan.FromSeconds(1),
        FirstDelay = TimeSpan.FromMilliseconds(1),
        MaxTries = 4,
        FreeBytes = freeBytes ?? (_ => long.MaxValue),
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>Answers properly: the file, or what of it the range asks for.</summary>
    public Task SendAsync(HttpContext context)
    {
        byte[] content = Files[FileOf(context)];
        return Results.Bytes(content, enableRangeProcessing: true, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{Digest(content)[..16]}\"")).ExecuteAsync(context);
    }

    public byte[] ContentOf(HttpContext context) => Files[FileOf(context)];

    public static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private async Task HandleAsync(HttpContext context)
    {
        string Header(string name) => context.Request.Headers[name].ToString();
        string path = context.Request.Path;
        Requests.Enqueue(new HubRequest(path, Header("Authorization") is { Length: > 0 } key ? key : null, Header("Range") is { Length: > 0 } range ? range : null, Header("If-Range") is { Length: > 0 } tag ? tag : null));
        try
        {
            if (path == $"/api/models/{Repository}" || path == $"/api/models/{Repository}/revision/v1") await JsonAsync(context, Card);
            else if (path == $"/api/models/{Repository}/tree/{Commit}") await TreeAsync(context);
            else if (path.StartsWith($"/{Repository}/resolve/{Commit}/", StringComparison.Ordinal)) await (scripts.TryDequeue(out var script) ? script : SendAsync)(context);
            else context.Response.StatusCode = 404;
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
    }

    /// <summary>Two files a page, as a hub with many files does.</summary>
    private async Task TreeAsync(HttpContext context)
    {
        Assert.Equal("true", context.Request.Query["recursive"]);
        int from = int.Parse("0" + context.Request.Query["cursor"]);
        if (Files.Count > from + 2) context.Response.Headers.Link = $"<{Address}{context.Request.Path}?recursive=true&cursor={from + 2}>; rel=\"next\"";
        await JsonAsync(context, Files.Skip(from).Take(2).Select(file => new { type = "file", oid = "git", path = file.Key, size = SizeOf(file.Key), lfs = LfsOf(file.Key) }).Prepend<object>(new { type = "directory", oid = "git", path = "folder.gguf", size = 0 }));
    }

    private object? LfsOf(string path)
    {
        string? digest = Published.TryGetValue(path, out var wrong) ? wrong : Digest(Files[path]);
        return digest is null ? null : new { oid = digest, size = SizeOf(path), pointerSize = 134 };
    }

    private long SizeOf(string path) => Sizes.TryGetValue(path, out long wrong) ? wrong : Files[path].Length;

    private static string FileOf(HttpContext context) => context.Request.Path.Value!.Split($"/resolve/{Commit}/")[1];

    private static Task JsonAsync(HttpContext context, object value)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(value));
    }
}
