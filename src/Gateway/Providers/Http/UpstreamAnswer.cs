using System.Globalization;
using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Http;

/// <summary>An upstream's HTTP answer: its head is here, its body is read within bounds of time and size. Disposing of it before its end breaks the connection off.</summary>
internal sealed class UpstreamAnswer : IDisposable
{
    // What real answers never reach: images in base64 take some megabytes.
    private const long MostBytes = 256 * 1024 * 1024;
    private const int MostErrorBytes = 64 * 1024;

    private readonly HttpResponseMessage response;
    private readonly Stream stream;
    private readonly CallTimer timer;
    private long bytes;

    private UpstreamAnswer(HttpResponseMessage response, Stream stream, CallTimer timer) => (this.response, this.stream, this.timer) = (response, stream, timer);

    public int Status => (int)response.StatusCode;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Sends <paramref name="request"/> and waits for the head of an answer to it. Disposing of the answer disposes of the request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="invoker">Sends it.</param>
    /// <param name="api">How the upstream words a refusal.</param>
    /// <param name="isStream">Whether an event stream is asked for.</param>
    /// <param name="timer">The call's limits.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ProblemException">The upstream refused, or its answer cannot be read.</exception>
    public static async ValueTask<UpstreamAnswer> ToAsync(HttpRequestMessage request, HttpMessageInvoker invoker, UpstreamApi api, bool isStream, CallTimer timer, TimeProvider time)
    {
        var response = await invoker.SendAsync(request, timer.Token);
        var answer = new UpstreamAnswer(response, await response.Content.ReadAsStreamAsync(timer.Token), timer);
        if (answer.IsSuccess && answer.Encoding is null && (!isStream || answer.IsEventStream)) return answer;
        using (answer) throw await UpstreamRefusal.OfAsync(answer, api, time);
    }

    /// <summary>Reads what has come of the body; 0 at its end. To be <see cref="Counted"/>.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer) => stream.ReadAsync(buffer, timer.Token);

    /// <summary>Counts what was read, so that an answer without end has one.</summary>
    public int Counted(int read)
    {
        bytes += read;
        return bytes <= MostBytes ? read : throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, $"The upstream's answer has more than {MostBytes} bytes.", Code: "answer_too_large"));
    }

    /// <summary>Reads the whole body.</summary>
    public async ValueTask ReadAllAsync(PooledBuffer buffer)
    {
        int expected = (int)Math.Min(response.Content.Headers.ContentLength ?? 0, MostErrorBytes);
        int read;
        while ((read = Counted(await ReadAsync(buffer.GetMemory(expected + 1)))) > 0)
        {
            timer.SeeToken();
            buffer.Advance(read);
            expected = Math.Max(0, expected - read);
        }
    }

    /// <summary>Reads a refusal's body, or its beginning.</summary>
    public async ValueTask ReadErrorAsync(PooledBuffer buffer)
    {
        int read;
        while (buffer.Written.Length < MostErrorBytes && (read = await ReadAsync(buffer.GetMemory())) > 0) buffer.Advance(read);
    }

    /// <summary>Reads over the body's end while its last event is on its way to the client: only then can the connection be used again, and nobody shall wait for it.</summary>
    public void ReadOverEnd()
    {
        var reading = stream.ReadAsync(new byte[1], timer.Token);
        if (!reading.IsCompletedSuccessfully) _ = IgnoreAsync(reading);
    }

    /// <summary>Whether the body says that it is an event stream.</summary>
    public bool IsEventStream => ContentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>The body's type as the upstream wrote it.</summary>
    public string ContentType => response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : "";

    /// <summary>How the body is compressed, which nobody asked for; <c>null</c>: not at all.</summary>
    public string? Encoding => response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var values) && values.ToString() is not "identity" and var encoding ? encoding : null;

    /// <summary>When the upstream wants to be asked again: <c>retry-after-ms</c> (OpenAI, Azure), or <c>Retry-After</c> in seconds, of which some servers send fractions, or as a date.</summary>
    public TimeSpan? RetryAfter(TimeProvider time) =>
        Number("retry-after-ms") is { } milliseconds ? Within(milliseconds)
        : Number("Retry-After") is { } seconds ? Within(1000 * seconds)
        : response.Headers.RetryAfter?.Date is { } date ? Within((date - time.GetUtcNow()).TotalMilliseconds)
        : null;

    public void Dispose()
    {
        response.RequestMessage?.Dispose();
        response.Dispose();
    }

    private double? Number(string header) =>
        response.Headers.NonValidated.TryGetValues(header, out var values) && double.TryParse(values.ToString(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static TimeSpan Within(double milliseconds) => TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, int.MaxValue));

    private static async Task IgnoreAsync(ValueTask<int> reading)
    {
        try
        {
            await reading;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            // The answer was complete; that its connection broke afterwards hurts nobody.
        }
    }
}
