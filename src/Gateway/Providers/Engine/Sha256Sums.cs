namespace Countersign.Gateway.Providers.Engine;

/// <summary>The file <c>SHA256SUMS</c> beside weights, as <c>sha256sum</c> writes it: a digest, two characters, a name.</summary>
internal static class Sha256Sums
{
    private const int DigestLength = 64;

    /// <summary>The digest that a file shall have, in hexadecimal; <c>null</c> where none is stated.</summary>
    public static string? Find(string path)
    {
        string sums = Path.Combine(Path.GetDirectoryName(path)!, "SHA256SUMS");
        if (!File.Exists(sums)) return null;
        string name = Path.GetFileName(path);
        return File.ReadLines(sums).Where(line => line.Length > DigestLength + 2 && line[(DigestLength + 2)..] == name).Select(line => line[..DigestLength]).FirstOrDefault();
    }
}
