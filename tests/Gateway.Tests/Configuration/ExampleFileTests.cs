using Countersign.Gateway.Configuration;
using Countersign.Tests;

namespace Countersign.Gateway.Tests.Configuration;

/// <summary>The files at the repository's root that users start from.</summary>
public class ExampleFileTests
{
    private static string ExamplePath => Path.Combine(SharedData.RepositoryRoot, "countersign.example.yaml");

    [Fact]
    public void Example_WithoutAnyVariable_LoadsAndServesLocalWeights()
    {
        LoadedConfiguration loaded = ConfigurationLoader.LoadFile(ExamplePath, new ConfigurationEnvironment(_ => null, "."));
        Assert.True(loaded.Configuration is not null, string.Join('\n', loaded.Problems));
        Assert.Equal("SmolLM2-135M-Instruct.Q4_1", loaded.Configuration!.Deployments["tiny"].Model);
        Assert.Null(loaded.Configuration.Providers["openai"].Key);
        Assert.NotEmpty(loaded.Configuration.Routes);
    }

    [Fact]
    public void Example_WithItsCommentsTakenAway_LoadsToo()
    {
        // Prose has a space after its #, configuration has none.
        IEnumerable<string> lines = File.ReadLines(ExamplePath).Select(line => line.TrimStart() is ['#', not ' ', ..] ? line.Remove(line.IndexOf('#', StringComparison.Ordinal), 1) : line);
        string text = string.Join('\n', lines);
        LoadedConfiguration loaded = ConfigurationLoader.LoadText(text, "example", new ConfigurationEnvironment(name => name.EndsWith("_KEY", StringComparison.Ordinal) ? $"value-of-{name}" : null, SharedData.RepositoryRoot));
        Assert.True(loaded.Configuration is not null, string.Join('\n', loaded.Problems) + "\n" + text);
        Assert.Contains("fast", loaded.Configuration!.Pools.Keys);
        Assert.Contains("ci", loaded.Configuration.Callers.Keys);
    }

    [Fact]
    public void Schema_OfTheRepository_IsTheGeneratedOne()
    {
        string committed = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "countersign.schema.json"));
        Assert.True(committed == ConfigurationSchema.Write(), "countersign.schema.json is not up to date. Run: dotnet run --project src/Cli -c Release -- config schema > countersign.schema.json");
    }
}
