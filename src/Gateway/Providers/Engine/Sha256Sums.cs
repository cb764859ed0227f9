namespace Countersign.Gateway.Providers.Engine;

/// <summary>The digests of weights, as <c>sha256sum</c> writes them: a digest, two characters, a name. A file's own list <c>NAME.gguf.sha256</c> counts first, then the folder's <c>SHA256SUMS</c>.</summary>
internal static class Sha256Sums
{
    private const int DigestLength = 64;

    /// <summary>The digest that a file shall have, in hexadecimal; <c>null</c> where none is stated.</summary>
    public static string? Find(string path)
    {
        string name = Path.GetFileName(path), shared = Path.Combine(Path.GetDirectoryName(path)!, "SHA256SUMS");
        return In(OwnOf(path), name) ?? In(shared, name);
    }

    /// <summary>States the digest of a file in its own list: the folder's may be somebody else's, such as a repository's. It is replaced as a whole, so that a reader never sees half of it.</summary>
    public static void State(string path, string digest)
    {
        string own = OwnOf(path), next = own + ".new";
        File.WriteAllText(next, $"{digest}  {Path.GetFileName(path)}\n");
        File.Move(next, own, overwrite: true);
    }

    private static string? In(string sums, string name) =>
        File.Exists(sums) ? File.ReadLines(sums).Where(line => line.Length > DigestLength + 2 && line[(DigestLength + 2)..] == name).Select(line => line[..DigestLength]).FirstOrDefault() : null;

    private static string OwnOf(string path) => path + ".sha256";
}
