using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Batches;

/// <summary>A batch's output file, a line per answer, and beside it the journal <c>FILE.part</c>. An answer goes to the journal before the ledger's commit and to the output after it. So
/// every request in the ledger has its answer on disk, and nothing stands in the output that was not billed; what a killed run left in the journal alone is
/// moved to the output by the next one where the ledger has it, and is asked again where not.</summary>
internal sealed class BatchOutput : IAsyncDisposable
{
    private readonly string path;
    private readonly SemaphoreSlim gate = new(1);
    private readonly FileStream output, journal;

    private BatchOutput(string path, BatchAnswers earlier, FileStream output, FileStream journal) => (this.path, Earlier, this.output, this.journal) = (path, earlier, output, journal);

    /// <summary>What earlier runs answered.</summary>
    public BatchAnswers Earlier { get; }

    /// <summary>Opens the output; takes up what an earlier run left.</summary>
    /// <param name="path">The output file; a link leads to it.</param>
    /// <param name="isBilled">Whether the ledger has a request.</param>
    /// <exception cref="ProblemException">It holds what no run wrote.</exception>
    /// <exception cref="IOException">It cannot be written, or another run writes it.</exception>
    public static async Task<BatchOutput> OpenAsync(string path, Func<string, bool> isBilled)
    {
        path = TargetOf(path);
        var earlier = BatchAnswers.Read(path, isBilled);
        var journal = new FileStream(JournalOf(path), AsPrivate(path, new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None })); // Keeps other runs away before anything is touched.
        try
        {
            await RewriteAsync(path, earlier.Lines(isBilled, LinesOf(journal)));
            journal.SetLength(0); // Its answers are on disk in the output now.
            return new BatchOutput(path, earlier, new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), journal);
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where answers are kept until the ledger has them.</summary>
    public static string JournalOf(string path) => path + ".part";

    /// <summary>Where the next output is made before it takes the old one's place.</summary>
    public static string NextOf(string path) => path + ".next";

    /// <summary>The file that a link leads to; else <paramref name="path"/>.</summary>
    public static string TargetOf(string path) => new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;

    /// <summary>Keeps an answer, on disk, before it is billed.</summary>
    public Task JournalAsync(byte[] line) => WriteAsync(journal, line, isDurable: true);

    /// <summary>Writes a line to the output.</summary>
    public Task AppendAsync(byte[] line) => WriteAsync(output, line, isDurable: false);

    /// <summary>Removes the journal: everything in it is in the output, or was not billed.</summary>
    public void Complete() => File.Delete(JournalOf(path));

    public async ValueTask DisposeAsync()
    {
        output.Flush(flushToDisk: true);
        await output.DisposeAsync();
        await journal.DisposeAsync();
        gate.Dispose();
    }

    private async Task WriteAsync(FileStream file, byte[] line, bool isDurable)
    {
        await gate.WaitAsync();
        try
        {
            await file.WriteAsync(line);
            file.WriteByte((byte)'\n');
            file.Flush(isDurable);
        }
        finally
        {
            gate.Release();
        }
    }

    private static async Task RewriteAsync(string path, IEnumerable<string> lines)
    {
        await using (var writer = new StreamWriter(NextOf(path), AsPrivate(path, new() { Mode = FileMode.Create, Access = FileAccess.Write })))
        {
            foreach (string line in lines) await writer.WriteLineAsync(line);
            await writer.FlushAsync();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
        }

        File.Move(NextOf(path), path, overwrite: true);
    }

    /// <summary>Lets nobody read a new file beside the output who may not read that.</summary>
    private static FileStreamOptions AsPrivate(string path, FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path)) options.UnixCreateMode = File.GetUnixFileMode(path);
        return options;
    }

    private static IEnumerable<string> LinesOf(FileStream file)
    {
        using var reader = new StreamReader(file, leaveOpen: true);
        while (reader.ReadLine() is { } line) yield return line;
    }
}
