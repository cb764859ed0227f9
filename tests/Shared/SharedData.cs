using System.Runtime.CompilerServices;

namespace Countersign.Tests;

/// <summary>Where tests find data that is not part of the repository (recorded traffic, conformance suites).
/// A clone without it skips those tests and says so; under <c>CI=true</c> its absence is a failure.</summary>
internal static class SharedData
{
    /// <summary>The repository's root folder, found from this file's own place.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    private static string Root => Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared"));

    /// <summary>The full path of <paramref name="relativePath"/> below the shared folder. Skips the calling test where it is missing.</summary>
    public static string Require(string relativePath)
    {
        string path = Path.Combine(Root, relativePath);
        if (!Path.Exists(path)) Missing.Skip($"shared data '{relativePath}'");
        return path;
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Countersign.slnx"))) return folder;
        }

        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
    }
}

/// <summary>Things that a test needs and that a machine may lack.</summary>
internal static class Missing
{
    /// <summary>Reports the running test as skipped because <paramref name="what"/> is not here; fails it under <c>CI=true</c>.</summary>
    public static void Skip(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{what} is missing, and CI=true allows no skipping.");
        Assert.Skip($"{what} is not here.");
    }
}
