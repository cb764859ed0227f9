namespace Countersign.Gateway.Providers.Engine;

/// <summary>The file <c>SHA256SUMS</c> beside weights, as <c>sha256sum</c> writes it: a digest, two characters, a name.</summary>
internal static class Sha256Sums
{
    private const int DigestLength = 64;

    /// <summary>The digest that a file shall have, in hexadecimal; <c>null</c> where none is stated.</summary>
    public static string? Find(string path)
    {
        string sums = SumsBeside(path);
        if (!File.Exists(sums)) return null;
        string name = Path.GetFileName(path);
        return File.ReadLines(sums).Where(line => IsOf(line, name)).Select(line => line[..DigestLength]).FirstOrDefault();
    }

    /// <summary>States the digest of a file, in place of what is stated of that name. The list is replaced as a whole, so that a reader never sees half of it.</summary>
    public static void State(string path, string digest)
    {
        string sums = SumsBeside(path), name = Path.GetFileName(path), next = sums + ".new";
        string[] others = File.Exists(sums) ? [.. File.ReadLines(sums).Where(line => !IsOf(line, name))] : [];
        File.WriteAllText(next, string.Concat(others.Append($"{digest}  {name}").Select(line => line + "\n")));
        File.Move(next, sums, overwrite: true);
    }

    private static string SumsBeside(string path) => Path.Combine(Path.GetDirectoryName(path)!, "SHA256SUMS");

    private static bool IsOf(string line, string name) => line.Length > DigestLength + 2 && line[(DigestLength + 2)..] == name;
}
