using Countersign.Tests;

namespace Countersign.Engine.Tests.Fixtures;

/// <summary>Paths of the fixtures that are part of the repository.</summary>
internal static class Fixture
{
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([SharedData.RepositoryRoot, "tests", "Engine.Tests", "Fixtures", .. parts]);
}
