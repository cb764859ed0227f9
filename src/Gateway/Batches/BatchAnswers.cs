using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Batches;

/// <summary>The answers that stand in a batch's output and in the journal beside it. Reading them touches neither.</summary>
internal sealed class BatchAnswers
{
    private const string Beginning = "{\"id\":\"";

    private readonly string path;
    private readonly Dictionary<string, string> digests = [];

    private BatchAnswers(string path) => this.path = path;

    /// <summary>Reads what earlier runs left.</summary>
    /// <param name="path">The output, whether there is one or not.</param>
    /// <param name="isBilled">Whether the ledger has a request; only then a line of the journal counts.</param>
    /// <exception cref="ProblemException">A file that a run would write to holds what no run wrote.</exception>
    public static BatchAnswers Read(string path, Func<string, bool> isBilled)
    {
        if (Path.GetFullPath(path) is var full && (Path.GetDirectoryName(full) is "/dev" or "/dev/fd" || full.StartsWith("/proc/", StringComparison.Ordinal)))
            throw ProblemException.Invalid($"'{path}' is no file that a later run could go on with. Name another output file.", "output");
        if (Directory.Exists(full)) throw ProblemException.Invalid($"'{path}' is a folder. Name a file in it.", "output");
        string journal = BatchOutput.JournalOf(path), next = BatchOutput.NextOf(path);
        var read = new BatchAnswers(path);
        if (File.Exists(next)) foreach (var _ in Own(File.ReadLines(next), next)) { } // It will be overwritten.
        foreach (string _ in read.Lines(isBilled, File.Exists(journal) ? File.ReadLines(journal) : [])) { }
        return read;
    }

    /// <summary>Reads them once more, and gives the lines that a new output begins with: each answer once, no errors, nothing that a kill cut off.</summary>
    /// <param name="journal">The journal's lines.</param>
    /// <param name="isBilled">Whether the ledger has a request.</param>
    /// <exception cref="ProblemException">A file holds what no run wrote.</exception>
    public IEnumerable<string> Lines(Func<string, bool> isBilled, IEnumerable<string> journal)
    {
        digests.Clear();
        var output = File.Exists(path) ? Own(File.ReadLines(path), path) : [];
        foreach (var line in output.Concat(Own(journal, BatchOutput.JournalOf(path)).Where(line => isBilled(line.Id))))
        {
            if (line.IsAnswer && digests.TryAdd(line.CustomId, line.Digest)) yield return line.Text;
        }
    }

    /// <summary>Whether an earlier run answered this line.</summary>
    /// <exception cref="ProblemException">It answered another request under this id.</exception>
    public bool Has(BatchLine line)
    {
        if (!digests.TryGetValue(line.CustomId, out string? digest)) return false;
        return digest == line.Digest ? true : throw ProblemException.Invalid($"'{path}' holds the answer to another request, or of another route, under '{line.CustomId}'. Name another output file.", "output");
    }

    /// <summary>The whole lines of a file that only runs may have written.</summary>
    private static IEnumerable<OutputLine> Own(IEnumerable<string> lines, string file)
    {
        int number = 0;
        foreach (string text in lines)
        {
            number++;
            if (Read(text) is { } line) yield return line;
            else if (!IsCutOff(text)) throw ProblemException.Invalid($"'{file}' is no earlier output: no run wrote its line {number}. Nothing was changed; name another output file.", "output");
        }
    }

    private static OutputLine? Read(string text)
    {
        if (!text.StartsWith(Beginning, StringComparison.Ordinal)) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            string? Field(string name) => document.RootElement.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String ? field.GetString() : null;
            if (Field("id") is not { } id || Field("custom_id") is not { } customId || Field("digest") is not { } digest) return null;
            return document.RootElement.TryGetProperty("response", out var response) ? new OutputLine(text, id, customId, digest, response.ValueKind == JsonValueKind.Object) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a kill or a full disk may have left a text: nothing, or how a line begins, and no more JSON than that.</summary>
    private static bool IsCutOff(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || Beginning.StartsWith(text, StringComparison.Ordinal)) return true;
        if (!text.StartsWith(Beginning, StringComparison.Ordinal)) return false;
        try
        {
            using var whole = JsonDocument.Parse(text);
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private sealed record OutputLine(string Text, string Id, string CustomId, string Digest, bool IsAnswer);
}
