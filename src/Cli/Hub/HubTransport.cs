using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Countersign.Cli.Hub;

/// <summary>GETs from a hub. Redirects are followed here, not by the handler, so that the token goes to the hub's own origin and nowhere else.</summary>
internal sealed partial class HubTransport(HubOptions options) : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly Uri endpoint = new(options.Endpoint);
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = options.StallAfter }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The hub's answer once its headers are there: 200, 206 or 416.</summary>
    /// <param name="address">What is asked for.</param>
    /// <param name="from">The first byte wanted; zero: all.</param>
    /// <param name="etag">Where bytes from the middle are wanted: they must be of this version, else all is sent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HubException">It answered otherwise, or not at all.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, long from, EntityTagHeaderValue? etag, CancellationToken cancellationToken)
    {
        for (int redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            var response = await SendAsync(address, from, etag, cancellationToken);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable) return response;
            using (response)
            {
                if (RedirectOf(response, address) is not { } next) throw Refused(response, address);
                address = next;
            }
        }

        throw new HubException($"{endpoint.Host} redirects in a circle.");
    }

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, long from, EntityTagHeaderValue? etag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("countersign", typeof(HubTransport).Assembly.GetName().Version?.ToString(3)));
        if (options.Token is not null && IsHub(address)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
        if (from > 0 && etag is { IsWeak: false }) request.Headers.IfRange = new RangeConditionHeaderValue(etag);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(options.StallAfter);
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubException($"{address.Host} did not answer within {options.StallAfter.TotalSeconds:0.#} s.", isTransient: true);
        }
        catch (HttpRequestException exception)
        {
            throw new HubException($"{address.Host} cannot be reached: {exception.Message}", isTransient: true);
        }
    }

    /// <summary>Where a redirect leads; <c>null</c> where the answer is none. Never from https to less.</summary>
    private static Uri? RedirectOf(HttpResponseMessage response, Uri from)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location) return null;
        var next = new Uri(from, location);
        return next.Scheme == "https" || (next.Scheme == "http" && from.Scheme == "http") ? next : throw new HubException($"{from.Host} redirects to an address that is not https.");
    }

    private bool IsHub(Uri address) => Uri.Compare(address, endpoint, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private HubException Refused(HttpResponseMessage response, Uri address)
    {
        int status = (int)response.StatusCode;
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - options.Time.GetUtcNow() : null;
        if (wait < TimeSpan.Zero) wait = TimeSpan.Zero;
        string later = wait is { } span ? $"; it asks to come back in {Math.Ceiling(span.TotalSeconds):0} s" : "";
        return status switch
        {
            401 or 403 when options.Token is null => new HubException($"{address.Host} gives this to known callers only ({status}): either it does not exist, or it is private or gated. Set HF_TOKEN to a token of an account that may read it."),
            401 or 403 => new HubException($"{address.Host} does not accept HF_TOKEN for this ({status}): the token is wrong, or its account has not been given access. Accept the model's terms on its page if it is gated."),
            404 => new HubException($"{address.Host} has no such thing (404): {Repository().Match(address.AbsolutePath).Groups[1].Value}. Check the name, and --revision where you named one."),
            408 or 429 => new HubException($"{address.Host} has too much to do ({status}){later}.", isTransient: true, wait),
            >= 500 => new HubException($"{address.Host} failed ({status}){later}.", isTransient: true, wait),
            _ => new HubException($"{address.Host} answered {status}, which is of no use here."),
        };
    }

    [GeneratedRegex(@"\A(?:/api/models)?/(.*)\z")]
    private static partial Regex Repository();
}
