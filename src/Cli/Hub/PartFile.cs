using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Countersign.Cli.Hub;

/// <summary>A file on its way: <c>NAME.part</c>, and <c>NAME.part.of</c>, which says of what it is a part (the digest to reach, and the entity tag of the bytes so far).
/// It is hashed as it grows; one that an earlier run left is hashed first and goes on.</summary>
internal sealed class PartFile : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly string note;
    private readonly HubFile file;
    private readonly FileStream stream;
    private IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private PartFile(string path, HubFile file)
    {
        (note, this.file) = (path + ".of", file);
        stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous });
    }

    /// <summary>Where the part of the file at <paramref name="target"/> is kept.</summary>
    public static string PathOf(string target) => target + ".part";

    /// <summary>Opens the part of a file, which no one else then writes, and reads what is there.</summary>
    /// <exception cref="IOException">Another pull writes it, or the disk fails.</exception>
    public static async Task<PartFile> OpenAsync(string target, HubFile file, CancellationToken cancellationToken)
    {
        var part = new PartFile(PathOf(target), file);
        try
        {
            string[] lines = File.Exists(part.note) ? await File.ReadAllLinesAsync(part.note, cancellationToken) : [];
            if (lines is not [var digest, ..] || digest != file.Sha256 || part.stream.Length > file.Size) part.Restart(null);
            else await part.TakeUpAsync(lines is [_, var tag, ..] && EntityTagHeaderValue.TryParse(tag, out var etag) ? etag : null, cancellationToken);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>The bytes that are there.</summary>
    public long Length { get; private set; }

    /// <summary>The entity tag that came with them.</summary>
    public EntityTagHeaderValue? ETag { get; private set; }

    /// <summary>Begins again with nothing.</summary>
    public void Restart(EntityTagHeaderValue? etag)
    {
        stream.SetLength(0);
        hash.Dispose();
        hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        (Length, ETag) = (0, etag);
        File.WriteAllLines(note, [file.Sha256!, etag?.ToString() ?? ""]);
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken);
        hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Whether the bytes are those that were published; they are then safe on the disk. If not, they are gone.</summary>
    public bool Verify()
    {
        stream.Flush(flushToDisk: true);
        if (Convert.ToHexStringLower(hash.GetCurrentHash()) == file.Sha256) return true;
        Restart(null);
        return false;
    }

    /// <summary>Gives a verified part its name.</summary>
    public static void Finish(string target)
    {
        File.Move(PathOf(target), target);
        File.Delete(PathOf(target) + ".of");
    }

    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
    }

    private async Task TakeUpAsync(EntityTagHeaderValue? etag, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0; Length += read) hash.AppendData(buffer.AsSpan(0, read));
        ETag = etag;
    }
}
