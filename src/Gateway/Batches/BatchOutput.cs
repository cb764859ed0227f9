using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Batches;

/// <summary>A batch's output file, a line per answer, and beside it the journal <c>FILE.part</c>. An answer goes to the journal before the ledger's commit and to the output after it. So
/// every request in the ledger has its answer on disk, and nothing stands in the output that was not billed; what a killed run left in the journal alone is
/// moved to the output by the next one where the ledger has it, and is asked again where not.</summary>
internal sealed class BatchOutput : IAsyncDisposable
{
    private readonly string path;
    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<string, string> answered = [];
    private FileStream output = null!, journal = null!;

    private BatchOutput(string path) => this.path = path;

    /// <summary>Opens the output; takes up what an earlier run left.</summary>
    /// <param name="path">The output file.</param>
    /// <param name="isBilled">Whether the ledger has a request.</param>
    /// <exception cref="IOException">It cannot be written, or another run writes it.</exception>
    public static async Task<BatchOutput> OpenAsync(string path, Func<string, bool> isBilled)
    {
        var opened = new BatchOutput(path);
        string part = path + ".part", next = path + ".next";
        await using (var writer = new StreamWriter(next))
        {
            foreach (string line in opened.Answers(path, _ => true).Concat(opened.Answers(part, isBilled))) await writer.WriteLineAsync(line);
            await writer.FlushAsync();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
        opened.output = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        opened.journal = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None);
        return opened;
    }

    /// <summary>How many requests of the output are answered.</summary>
    public int Count => answered.Count;

    /// <summary>The answered requests of an output, without touching it.</summary>
    public static IReadOnlySet<string> AnsweredIn(string path)
    {
        var read = new BatchOutput(path);
        foreach (string _ in read.Answers(path, _ => true)) { }
        return read.answered.Keys.ToHashSet();
    }

    /// <summary>Whether an earlier run answered this line.</summary>
    /// <exception cref="ProblemException">It answered another request under this id.</exception>
    public bool Has(BatchLine line)
    {
        if (!answered.TryGetValue(line.CustomId, out string? digest)) return false;
        return digest == line.Digest ? true : throw ProblemException.Invalid($"'{path}' holds the answer to another request, or of another route, under '{line.CustomId}'. Name another output file.", "output");
    }

    /// <summary>Keeps an answer, on disk, before it is billed.</summary>
    public Task JournalAsync(byte[] line) => WriteAsync(journal, line, isDurable: true);

    /// <summary>Writes a line to the output.</summary>
    public Task AppendAsync(byte[] line) => WriteAsync(output, line, isDurable: false);

    /// <summary>Removes the journal: everything in it is in the output, or was not billed.</summary>
    public void Complete() => File.Delete(path + ".part");

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

    /// <summary>The lines of a file that are whole, no errors, and of no request that was read before.</summary>
    private IEnumerable<string> Answers(string file, Func<string, bool> counts)
    {
        if (!File.Exists(file)) yield break;
        foreach (string line in File.ReadLines(file))
        {
            if (Head(line) is { } head && counts(head.Id) && answered.TryAdd(head.CustomId, head.Digest)) yield return line;
        }
    }

    private static (string Id, string CustomId, string Digest)? Head(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.GetProperty("response").ValueKind != JsonValueKind.Object) return null;
            return (root.GetProperty("id").GetString()!, root.GetProperty("custom_id").GetString()!, root.GetProperty("digest").GetString()!);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null; // The end of a line that a kill cut off.
        }
    }
}
