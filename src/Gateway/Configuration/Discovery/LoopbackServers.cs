using System.Text.Json;

namespace Countersign.Gateway.Configuration.Discovery;

/// <summary>A server that answers on this machine.</summary>
/// <param name="Name">Its name as a provider.</param>
/// <param name="Server">The kind of server, as in a provider's <c>server</c>.</param>
/// <param name="BaseUrl">Its address.</param>
/// <param name="Models">The models that it lists.</param>
internal sealed record LoopbackServer(string Name, string Server, Uri BaseUrl, IReadOnlyList<string> Models);

/// <summary>Looks for model servers on their usual loopback ports, all at once and briefly.</summary>
internal static class LoopbackServers
{
    private const int MaxAnswerBytes = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    // On 8080 and 8000 much else listens: there a server must say what it is.
    private static readonly (string Name, string Server, int Port, bool MustSay)[] Usual =
        [("ollama", "ollama", 11434, false), ("llama-server", "llama.cpp", 8080, true), ("lmstudio", "lmstudio", 1234, false), ("vllm", "vllm", 8000, true)];

    /// <summary>The servers that answered.</summary>
    public static async Task<IReadOnlyList<LoopbackServer>> FindAsync(HttpMessageInvoker http, TimeProvider time, CancellationToken cancellationToken)
    {
        LoopbackServer?[] answers = await Task.WhenAll(Usual.Select(usual => ProbeAsync(usual.Name, usual.Server, usual.Port, usual.MustSay, http, time, cancellationToken)));
        return [.. answers.OfType<LoopbackServer>()];
    }

    private static async Task<LoopbackServer?> ProbeAsync(string name, string server, int port, bool mustSay, HttpMessageInvoker http, TimeProvider time, CancellationToken cancellationToken)
    {
        var baseUrl = new Uri($"http://127.0.0.1:{port}/v1");
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{baseUrl}/models");
            using HttpResponseMessage response = await http.SendAsync(request, either.Token);
            if (!response.IsSuccessStatusCode) return null;
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, either.Token);
            using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(either.Token));
            return Read(name, mustSay ? null : server, baseUrl, answer.RootElement);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static LoopbackServer? Read(string name, string? server, Uri baseUrl, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Array) return null;
        List<JsonElement> models = [.. data.EnumerateArray().Where(model => Text(model, "id").Length > 0)];
        string? said = models.Select(model => ServerOf(Text(model, "owned_by"))).FirstOrDefault(found => found is not null);
        return (said ?? server) is { } kind ? new LoopbackServer(said is null ? name : NameOf(said, name), kind, baseUrl, [.. models.Select(model => Text(model, "id"))]) : null;
    }

    private static string? ServerOf(string owner) => owner switch
    {
        "llamacpp" => "llama.cpp",
        "vllm" or "sglang" => owner,
        _ => null,
    };

    private static string NameOf(string server, string usual) => server is "vllm" or "sglang" ? server : usual;

    private static string Text(JsonElement model, string name) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
