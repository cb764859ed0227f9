using Countersign.Tests;

namespace Countersign.Cli.Tests.Commands;

/// <summary>The native executable does what the built one does. Served to clients it is tried by their own tests.</summary>
public sealed class PublishedTests
{
    private static readonly string Models = Path.Combine(SharedData.RepositoryRoot, "models");

    [Fact]
    public async Task Demo_OneRoute_IsAnsweredAsByTheBuiltOne()
    {
        string[] demo = ["demo", "--models", Models, "--route", "inbox"];
        var published = await Executable.RunPublishedAsync(demo);
        Assert.Equal((0, ""), (published.Code, published.Error));
        Assert.Equal(Answers((await Run.Async(demo)).Output), Answers(published.Output));
    }

    [Fact]
    public async Task Config_Check_FindsTheSameProblems()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "server: { listen: nowhere }\nroutes: { a: { draft: { deployment: none }, validate: [ { regex: { pattern: '(' } } ] } }\n", TestContext.Current.CancellationToken);
        var published = await Executable.RunPublishedAsync("config", "check", file);
        var built = await Run.Async("config", "check", file);
        File.Delete(file);
        Assert.Equal((1, ""), (published.Code, published.Output));
        Assert.Equal(built.Error, published.Error);
        Assert.True(published.Error.Split('\n').Length > 3, published.Error);
    }

    [Theory]
    [InlineData("config", "check", "countersign.example.yaml")]
    [InlineData("config", "print", "--config", "countersign.example.yaml")]
    [InlineData("route", "explain", "majority", "--config", "countersign.example.yaml")]
    [InlineData("models", "show", "qwen3-8b")]
    public async Task Command_WritesWhatTheBuiltOneWrites(params string[] line)
    {
        string[] arguments = [.. line.Select(argument => argument.EndsWith(".yaml", StringComparison.Ordinal) ? Path.Combine(SharedData.RepositoryRoot, argument) : argument)];
        var (published, built) = (await Executable.RunPublishedAsync(arguments), await Run.Async(arguments));
        Assert.Equal((built.Code, built.Output, built.Error), (published.Code, published.Output, published.Error));
        Assert.Equal(0, published.Code);
    }

    private static IEnumerable<string> Answers(string output) => output.Split('\n').Where(line => line.StartsWith("  accepted, ", StringComparison.Ordinal) || line.StartsWith("  not countersigned: ", StringComparison.Ordinal));
}
