using System.Text.RegularExpressions;

namespace Countersign.Cli.Hub;

/// <summary>A file of a repository.</summary>
/// <param name="Path">Where it is in the repository.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">Its published digest, in small hexadecimal letters; <c>null</c> where none is published.</param>
internal sealed partial record HubFile(string Path, long Size, string? Sha256)
{
    /// <summary>Its name without folders: the name that it gets here.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The model file that an entry of the tree is; <c>null</c> for everything else, among it names that would not be safe here.</summary>
    public static HubFile? Of(TreeEntry entry)
    {
        if (entry is not { Type: "file", Path: { } path } || !SafePath().IsMatch(path) || path.Contains("..", StringComparison.Ordinal)) return null;
        string? digest = entry.Lfs?.Oid is { } oid && Digest().IsMatch(oid) ? oid.ToLowerInvariant() : null;
        return (entry.Lfs?.Size ?? entry.Size) is >= 0 and var size ? new HubFile(path, size, digest) : null;
    }

    [GeneratedRegex(@"\A([\w+ -][\w.+ -]*/)*[\w+][\w.+ -]*\.gguf\z")]
    private static partial Regex SafePath();

    [GeneratedRegex(@"\A[0-9a-fA-F]{64}\z")]
    private static partial Regex Digest();
}
