namespace Countersign.Replay;

/// <summary>Where things are in a checkout.</summary>
internal static class Places
{
    /// <summary>The repository's root folder: the first above this program, else above the working folder, that holds the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(Directory.GetCurrentDirectory()) ?? Directory.GetCurrentDirectory();

    /// <summary>The recorded sets, which are no part of the repository.</summary>
    public static string Data => Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", "outcomes"));

    /// <summary>The list of rows, beside their route files.</summary>
    public static string Rows => Path.Combine(Root, "bench", "Replay", "routes", "rows.json");

    /// <summary>The folder of the set that our own engine's drafts are recorded in.</summary>
    public static string Local => Path.Combine(Root, "bench", "Replay", "local");

    /// <summary>The list of that set's rows.</summary>
    public static string LocalRows => Path.Combine(Local, "rows.json");

    /// <summary>The weights that ship.</summary>
    public static string Models => Path.Combine(Root, "models");

    /// <summary>Where results are committed.</summary>
    public static string Results => Path.Combine(Root, "bench", "results");

    /// <summary>The document with their table.</summary>
    public static string Document => Path.Combine(Root, "docs", "replay.md");

    /// <summary>The ledger of the last run.</summary>
    public static string Ledger => Path.Combine(Root, "artifacts", "replay.db");

    private static string? Find(string start)
    {
        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Countersign.slnx"))) return folder;
        }

        return null;
    }
}
