namespace Countersign.Gateway.Batches;

/// <summary>A batch's input. It is read twice, so what can be read only once, such as a pipe, goes into a temporary file first.</summary>
internal sealed class BatchInput : IDisposable
{
    /// <summary>Stands for the standard input.</summary>
    public const string Standard = "-";

    private readonly FileStream? spooled;

    private BatchInput(string path, FileStream? spooled) => (Path, this.spooled) = (path, spooled);

    /// <summary>What can be read again and again.</summary>
    public string Path { get; }

    /// <summary>Opens it.</summary>
    /// <param name="path">A file, a pipe, or <see cref="Standard"/>.</param>
    /// <param name="cancellationToken">Gives up waiting for a pipe's end.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<BatchInput> OpenAsync(string path, CancellationToken cancellationToken)
    {
        await using Stream source = await Task.Run(() => path == Standard ? Console.OpenStandardInput() : Unbuffered(path), CancellationToken.None).WaitAsync(cancellationToken);
        if (source.CanSeek) return new BatchInput(path, null);
        string name = System.IO.Path.GetTempFileName(); // For this user's eyes only.
        var spool = new FileStream(name, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, Options = FileOptions.DeleteOnClose });
        try
        {
            await source.CopyToAsync(spool, CancellationToken.None).WaitAsync(cancellationToken); // Whoever opens or reads a pipe that nobody writes listens to nothing else.
            await spool.FlushAsync(cancellationToken);
            return new BatchInput(name, spool);
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => spooled?.Dispose();

    /// <summary>With a buffer, closing it would wait for the read that nobody ends.</summary>
    private static FileStream Unbuffered(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
}
