using System.Buffers;
using Countersign.Protocol.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Pipeline;

/// <summary>A request's whole body in a pooled buffer; gone once disposed.</summary>
internal sealed class RequestBody : IDisposable
{
    private byte[] buffer;

    private RequestBody(byte[] buffer, int length)
    {
        this.buffer = buffer;
        Bytes = buffer.AsMemory(0, length);
    }

    /// <summary>The body as received.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="ProblemException">It has more than <paramref name="limit"/> bytes, is compressed or wrongly framed, or comes too slowly.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
            throw ProblemException.Invalid($"The body is encoded as '{encoding}'; send it uncompressed.", "content-encoding");
        if (request.ContentLength > limit) throw TooLarge(limit);

        try
        {
            return await ReadAllAsync(request, limit, cancellationToken);
        }
        catch (BadHttpRequestException broken) when (!cancellationToken.IsCancellationRequested)
        {
            var kind = broken.StatusCode == StatusCodes.Status408RequestTimeout ? ProblemKind.SlowRequest : ProblemKind.InvalidRequest;
            throw new ProblemException(new Problem(kind, $"The request's body could not be read: {broken.Message}"), broken);
        }
    }

    private static async ValueTask<RequestBody> ReadAllAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit) throw TooLarge(limit);
            if (!read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            int length = (int)read.Buffer.Length;
            byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
            read.Buffer.CopyTo(buffer);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return new RequestBody(buffer, length);
        }
    }

    public void Dispose()
    {
        if (buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, Bytes) = ([], default);
    }

    private static ProblemException TooLarge(int limit) =>
        new(new Problem(ProblemKind.TooLarge, $"The body is larger than {limit} bytes, the limit of this server (server.max_body)."));
}
