namespace Countersign.Protocol.Catalogue;

/// <summary>Kinds of licences.</summary>
public static class Licences
{
    private static readonly HashSet<string> Permissive = new(StringComparer.OrdinalIgnoreCase) { "Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "CC-BY-4.0", "CC0-1.0", "CDLA-Permissive-2.0" };

    /// <summary>Whether an SPDX identifier names a licence that asks for no more than its text and the authors' names to be kept.</summary>
    public static bool IsPermissive(string spdx) => Permissive.Contains(spdx);
}
