using System.Buffers;
using System.Net;
using System.Text;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Completions;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Makes the HTTP requests to one provider: address, credentials, headers.</summary>
internal sealed class UpstreamRequests
{
    private readonly Uri chat, completions, embeddings, tokenCount, properties;
    private readonly KeyValuePair<string, string>[] headers;
    private readonly bool isAnthropic;

    public UpstreamRequests(ProviderOptions options)
    {
        isAnthropic = options.Api == ProviderApi.Anthropic;
        embeddings = AddressOf(options, "embeddings");
        tokenCount = AddressOf(options, "messages/count_tokens");
        completions = AddressOf(options, "completions");
        properties = AddressOf(options, "props", atRoot: true);
        bool isLlama = options.Api == ProviderApi.Completions && CompletionRequestWriter.IsLlama(options.Server);
        chat = isLlama ? AddressOf(options, "completion", atRoot: true) : AddressOf(options, options.Api switch
        {
            ProviderApi.Completions => "completions",
            ProviderApi.OpenAi => "chat/completions",
            ProviderApi.OpenAiResponses => "responses",
            ProviderApi.Gemini => "", // The model's name follows.
            _ => "messages",
        });
        headers = [.. Credentials(options).Where(header => !options.Headers.Keys.Contains(header.Key, StringComparer.OrdinalIgnoreCase)), .. options.Headers]; // The file's own count for more.
    }

    /// <summary>A request for an answer; see <see cref="Create"/>.</summary>
    /// <param name="body">The body.</param>
    /// <param name="betas">The beta features that the caller asks for; told to Anthropic's API, beside those that the provider's own headers name.</param>
    public HttpRequestMessage Chat(ReadOnlyMemory<byte> body, string? betas = null) => WithBetas(Create(chat, body), betas);

    /// <summary>A request for an answer of Gemini's API, which has the model and the wish for a stream in its address; see <see cref="Create"/>.</summary>
    public HttpRequestMessage Gemini(ReadOnlyMemory<byte> body, string model, bool isStream) => Create(GeminiAddress(model, isStream), body);

    /// <summary>A request to go on with texts; see <see cref="Create"/>.</summary>
    public HttpRequestMessage Completions(ReadOnlyMemory<byte> body) => Create(completions, body);

    /// <summary>A request for embeddings; see <see cref="Create"/>.</summary>
    public HttpRequestMessage Embeddings(ReadOnlyMemory<byte> body) => Create(embeddings, body);

    /// <summary>A request for a token count; see <see cref="Chat"/>.</summary>
    public HttpRequestMessage TokenCount(ReadOnlyMemory<byte> body, string? betas) => WithBetas(Create(tokenCount, body), betas);

    private HttpRequestMessage WithBetas(HttpRequestMessage request, string? betas)
    {
        if (betas is null || !isAnthropic) return request;
        if (!Ascii.IsValid(betas)) throw ProblemException.Invalid("The header 'anthropic-beta' holds letters beyond ASCII.", "anthropic-beta");
        request.Headers.TryAddWithoutValidation("anthropic-beta", betas);
        return request;
    }

    /// <summary>A request with <paramref name="body"/> as JSON. The body must live until the call has ended, also where it ended early: it is then possibly still being sent.</summary>
    private HttpRequestMessage Create(Uri address, ReadOnlyMemory<byte> body)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20, // HTTP/2 where TLS offers it, else 1.1
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = content,
        };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>A question for what llama-server knows of its model.</summary>
    public HttpRequestMessage Properties()
    {
        var request = Create(properties, default);
        (request.Method, request.Content) = (HttpMethod.Get, null);
        return request;
    }

    /// <param name="options">The provider.</param>
    /// <param name="path">What is asked there.</param>
    /// <param name="atRoot">Whether the path stands beside the version segment and not in it.</param>
    private static Uri AddressOf(ProviderOptions options, string path, bool atRoot = false)
    {
        var baseUrl = options.BaseUrl ?? throw new ArgumentException($"Provider `{options.Name}` has no base URL.", nameof(options));
        string start = baseUrl.ToString().TrimEnd('/');
        if (atRoot && start.EndsWith("/v1", StringComparison.Ordinal)) start = start[..^"/v1".Length];
        return new Uri($"{start}/{path}");
    }

    /// <summary>Names with a slash (<c>tunedModels/mine</c>) are paths already.</summary>
    private Uri GeminiAddress(string model, bool isStream)
    {
        string path = string.Join('/', (model.Contains('/', StringComparison.Ordinal) ? model : $"models/{model}").Split('/').Select(Uri.EscapeDataString));
        return new Uri($"{chat}{path}:{(isStream ? "streamGenerateContent?alt=sse" : "generateContent")}");
    }

    private static IEnumerable<KeyValuePair<string, string>> Credentials(ProviderOptions options)
    {
        if (options.Api == ProviderApi.Anthropic) yield return new("anthropic-version", WireApi.AnthropicVersion);
        if (options.Key is { Length: > 0 } key) yield return options.Api switch
        {
            ProviderApi.Anthropic => new("x-api-key", key),
            ProviderApi.Gemini => new("x-goog-api-key", key),
            _ => new("Authorization", $"Bearer {key}"),
        };
    }
}
