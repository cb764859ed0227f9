using System.Buffers;
using System.Net;

namespace Countersign.Cli.Hub;

/// <summary>Brings one file, on from where an earlier try or run stopped.</summary>
/// <param name="client">The hub.</param>
/// <param name="repository">Whose file.</param>
/// <param name="file">Which, with its size and digest.</param>
/// <param name="options">How patiently.</param>
/// <param name="arrived">Is told how many bytes of the file are there.</param>
internal sealed class Download(HubClient client, HubRepository repository, HubFile file, HubOptions options, Action<long> arrived)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Leaves the whole, verified file as the <see cref="PartFile"/> of <paramref name="target"/>.</summary>
    /// <exception cref="HubException">The hub does not send what it publishes, or not all of it.</exception>
    public async Task RunAsync(string target, CancellationToken cancellationToken)
    {
        using var part = await PartFile.OpenAsync(target, file, cancellationToken);
        arrived(part.Length);
        await HubRetry.RunAsync(options, () => part.Length, () => FillAsync(part, cancellationToken), cancellationToken);
        if (!part.Verify()) throw new HubException($"{file.Path} has not the SHA-256 that the hub publishes ({file.Sha256}). What came was thrown away; the name was not given.");
    }

    private async Task<bool> FillAsync(PartFile part, CancellationToken cancellationToken)
    {
        if (part.Length == file.Size) return true;
        using var response = await client.OpenAsync(repository, file, part.Length, part.ETag, cancellationToken);
        Begin(part, response);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await CopyAsync(body, part, cancellationToken);
        return part.Length == file.Size ? true : throw new HubException($"{file.Path} broke off after {part.Length:N0} of {file.Size:N0} bytes.", isTransient: true);
    }

    /// <summary>Sees that what comes goes on where the part ends; where the hub begins at the beginning, so does the part.</summary>
    private void Begin(PartFile part, HttpResponseMessage response)
    {
        var (content, length) = (response.Content.Headers, part.Length);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            part.Restart(null);
            throw new HubException($"{file.Path} cannot be had from byte {length:N0} on.", isTransient: true);
        }

        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && length > 0;
        if (goesOn && (content.ContentRange?.From != length || content.ContentRange.Length is { } whole && whole != file.Size)) throw new HubException($"{file.Path}: the hub sends other bytes than it was asked for ({content.ContentRange}).");
        if (content.ContentLength is { } coming && coming != file.Size - (goesOn ? length : 0)) throw new HubException($"{file.Path}: the hub publishes {file.Size:N0} bytes, and sends {coming + (goesOn ? length : 0):N0}.");
        if (!goesOn) part.Restart(response.Headers.ETag);
    }

    private async Task CopyAsync(Stream body, PartFile part, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int read; (read = await ReadAsync(body, buffer, cancellationToken)) > 0; arrived(part.Length))
            {
                if (part.Length + read > file.Size) throw new HubException($"{file.Path}: the hub sends more than the {file.Size:N0} bytes that it publishes.");
                await part.AppendAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The next bytes. A hub that cuts or stalls is tried again, a disk that fails is not: so only the reading is caught.</summary>
    private async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(options.StallAfter);
        try
        {
            return await body.ReadAsync(buffer, stall.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubException($"{file.Path}: nothing came for {options.StallAfter.TotalSeconds:0.#} s.", isTransient: true);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new HubException($"{file.Path} was cut off.", isTransient: true);
        }
    }
}
