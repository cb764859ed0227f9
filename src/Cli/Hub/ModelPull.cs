using Countersign.Cli.Catalogue;
using Countersign.Engine;
using Countersign.Gateway.Providers.Engine;

namespace Countersign.Cli.Hub;

/// <summary>Brings one model into a folder: its files get their names when all of them are whole and verified, not before.</summary>
/// <param name="client">The hub.</param>
/// <param name="repository">Whose model.</param>
/// <param name="model">Which.</param>
/// <param name="folder">Where to.</param>
/// <param name="options">How patiently.</param>
internal sealed class ModelPull(HubClient client, HubRepository repository, HubModel model, string folder, HubOptions options)
{
    /// <summary>The first file here: what an engine opens.</summary>
    public string Path => TargetOf(model.Files[0]);

    /// <summary>The files that are not here yet. One here of that name must be the same one.</summary>
    /// <exception cref="HubException">There is another file of that name.</exception>
    public IReadOnlyList<HubFile> Missing(CancellationToken cancellationToken)
    {
        foreach (var file in model.Files.Where(file => File.Exists(TargetOf(file))))
        {
            if (new FileInfo(TargetOf(file)).Length != file.Size || EngineModel.Digest(TargetOf(file), cancellationToken) is var digest && !digest.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
                throw new HubException($"There is another {file.Name} in {folder}. Move it away, or name another folder with --models.");
        }

        return [.. model.Files.Where(file => !File.Exists(TargetOf(file)))];
    }

    /// <summary>The bytes still to come.</summary>
    /// <exception cref="HubException">The disk has no room for them.</exception>
    public long CheckDisk(IReadOnlyList<HubFile> missing)
    {
        decimal needed = missing.Sum(file => (decimal)file.Size - Started(file));
        long free = options.FreeBytes(ExistingFolder());
        if (needed <= free) return (long)needed;
        throw new HubException($"{CatalogueText.Bytes((long)Math.Min(needed, long.MaxValue))} are still to come, and the disk of {folder} has {CatalogueText.Bytes(free)} free. Make room, name another folder with --models, or a smaller quantisation.");
    }

    /// <summary>Brings the missing files. What a kill leaves is gone on with by the next pull.</summary>
    /// <exception cref="HubException">Not all came as published; no file got its name.</exception>
    public async Task RunAsync(IReadOnlyList<HubFile> missing, Action<double, string> progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        long total = missing.Sum(file => file.Size), before = 0;
        var pace = new Pace(total, options.Time);
        foreach (var file in missing)
        {
            long start = before;
            var download = new Download(client, repository, file, options, arrived => Tell(start + arrived));
            await download.RunAsync(TargetOf(file), cancellationToken);
            before += file.Size;
        }

        // The first part last: while any is missing, none can be taken for the whole model.
        foreach (var file in missing.Reverse()) Finish(file);

        void Tell(long arrived)
        {
            if (pace.Tell(arrived) is { } words) progress(total == 0 ? 1 : arrived / (double)total, words);
        }
    }

    private void Finish(HubFile file)
    {
        PartFile.Finish(TargetOf(file));
        Sha256Sums.State(TargetOf(file), file.Sha256!);
    }

    private long Started(HubFile file) => new FileInfo(PartFile.PathOf(TargetOf(file))) is { Exists: true } part ? Math.Min(part.Length, file.Size) : 0;

    private string TargetOf(HubFile file) => System.IO.Path.Combine(folder, file.Name);

    private string ExistingFolder()
    {
        string? existing = System.IO.Path.GetFullPath(folder);
        while (!Directory.Exists(existing)) existing = System.IO.Path.GetDirectoryName(existing) ?? throw new HubException($"There is no place for {folder}.");
        return existing;
    }
}
