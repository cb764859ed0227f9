using Countersign.Tests;

namespace Countersign.Cli.Tests.Shape;

/// <summary>The repository's files, as git would list them.</summary>
internal static class SourceTree
{
    private static readonly string[] Ignored = ["bin", "obj", "node_modules", ".git", ".vs", ".idea", "TestResults", "artifacts", ".worktrees"];

    public static string Root => SharedData.RepositoryRoot;

    /// <summary>Files below <paramref name="folder"/> with one of the extensions (all where none is given), relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Walk(Path.Combine(Root, folder))
            .Where(file => extensions.Length == 0 || extensions.Contains(Path.GetExtension(file)))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'));

    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    private static IEnumerable<string> Walk(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        return Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder).Where(sub => !Ignored.Contains(Path.GetFileName(sub))).SelectMany(Walk));
    }
}
