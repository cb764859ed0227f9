using System.Net.Http.Headers;

namespace Countersign.Cascade.Validators.Webhook;

/// <summary>Posts the request and the draft as JSON (<see cref="DraftJson"/>) to an address, which answers with the verdict (<see cref="VerdictJson"/>). Redirects are not followed; all but a 2xx is unknown.</summary>
internal sealed class WebhookValidator(WebhookOptions options, HttpMessageInvoker http) : IValidator
{
    private static readonly HttpMessageInvoker Shared = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
    private readonly Uri url = options.Check();

    public WebhookValidator(WebhookOptions options) : this(options, Shared)
    {
    }

    public string Name => "webhook";

    public string Description => $"{url.GetLeftPart(UriPartial.Path)} accepts it.";

    public ValidatorCost Cost => ValidatorCost.Network;

    public async ValueTask<Verdict> JudgeAsync(Draft draft, ValidationContext context, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, context.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Post(DraftJson.Write(draft, context));
            using var response = await http.SendAsync(request, stop.Token);
            if (!response.IsSuccessStatusCode) return Verdict.Unknown($"The webhook answered with status {(int)response.StatusCode}.");
            if (await ReadAsync(response.Content, stop.Token) is not { } body) return Verdict.Unknown($"The webhook's answer is larger than {options.MaxResponseBytes} bytes.");
            return VerdictJson.Read(body) ?? Verdict.Unknown("The webhook's answer is no verdict.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Verdict.Unknown($"The webhook did not answer within {options.Timeout.TotalSeconds:0.#} s.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Verdict.Unknown("The webhook cannot be reached.");
        }
    }

    private HttpRequestMessage Post(byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in options.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[options.MaxResponseBytes + 1];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > options.MaxResponseBytes ? null : buffer[..length];
    }
}
