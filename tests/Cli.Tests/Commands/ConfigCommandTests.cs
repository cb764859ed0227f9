using System.Diagnostics;
using Countersign.Gateway.Configuration;
using Countersign.Tests;

namespace Countersign.Cli.Tests.Commands;

public sealed class ConfigCommandTests
{
    private static string Example => Path.Combine(SharedData.RepositoryRoot, "countersign.example.yaml");

    [Fact]
    public async Task Check_GoodFile_SaysSo()
    {
        Ran ran = await Run.Async("config", "check", Example);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.StartsWith($"{Example} is good: providers 2,", ran.Output);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("print")]
    public async Task File_AsAWordOrAnOption_IsTheSame(string command)
    {
        var (word, option) = (await Run.Async("config", command, Example), await Run.Async("config", command, "--config", Example));
        Assert.Equal((0, ""), (word.Code, word.Error));
        Assert.Equal(word, option);
        var twice = await Run.Async("config", command, Example, "-c", Example);
        Assert.Equal((2, ""), (twice.Code, twice.Output));
        Assert.StartsWith("The file is named twice.", twice.Error);
    }

    [Fact]
    public async Task Check_BadFile_WritesEveryProblemToTheErrorStream()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "server: { drain: long }\nprovidors: {}");
        Ran ran = await Run.Async("config", "check", file);
        File.Delete(file);
        Assert.Equal((1, ""), (ran.Code, ran.Output));
        string[] lines = ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith($"{file}:1:18 server.drain: Found \"long\"", lines[0]);
        Assert.EndsWith("Did you mean \"providers\"?", lines[1]);
        Assert.Equal("2 problems.", lines[2]);
    }

    [Fact]
    public async Task Print_Printed_LoadsAsTheSame()
    {
        Ran ran = await Run.Async("config", "print", "--config", Example);
        Assert.Equal(0, ran.Code);
        var environment = new ConfigurationEnvironment(Environment.GetEnvironmentVariable, SharedData.RepositoryRoot);
        Assert.Equal(ConfigurationLoader.LoadFile(Example, environment).Configuration!.Version, ConfigurationLoader.LoadText(ran.Output, "printed", environment).Configuration!.Version);
    }

    [Fact]
    public async Task Print_IntoTheUsualFile_WritesWhatWasFound()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-print-");
        var start = new ProcessStartInfo("sh", ["-c", "cd \"$1\" && shift && \"$@\" > countersign.yaml", "sh", folder.FullName, .. Executable.CommandOf(["config", "print"])]) { Environment = { ["OPENAI_API_KEY"] = "sk-none" } };
        using var shell = Process.Start(start)!;
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        string printed = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "countersign.yaml"), TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
        Assert.Equal(0, shell.ExitCode);
        Assert.Contains("key: \"${OPENAI_API_KEY}\"", printed);
    }

    [Fact]
    public async Task Schema_Written_IsTheSchema() => Assert.Equal((0, ConfigurationSchema.Write()), ((await Run.Async("config", "schema")).Code, (await Run.Async("config", "schema")).Output));

    [Fact]
    public async Task Explain_Route_IsPlainTextWhenCaptured()
    {
        Ran ran = await Run.Async("route", "explain", "majority", "--config", Example);
        Assert.Equal(0, ran.Code);
        Assert.Contains("\n  draft       tiny (SmolLM2-135M-Instruct.Q4_1 at local), 3 drafts each", ran.Output);
        Assert.DoesNotContain('\u001b', ran.Output);
    }

    [Fact]
    public async Task Explain_UnknownRoute_NamesTheKnown()
    {
        Ran ran = await Run.Async("route", "explain", "nothing", "--config", Example);
        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.Contains("There is no route \"nothing\". Routes here: majority", ran.Error);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("config check a b")]
    [InlineData("route explain majority --input-tokens 0")]
    public async Task CommandLine_Wrong_EndsWithItsCode(string args) => Assert.Equal(2, (await Run.Async(args.Split(' '))).Code);

    [Theory]
    [InlineData("--help")]
    [InlineData("config --help")]
    [InlineData("config check --help")]
    [InlineData("config print --help")]
    [InlineData("config schema --help")]
    [InlineData("route --help")]
    [InlineData("route explain --help")]
    public async Task Help_OfEveryCommand_EndsWithExamples(string args)
    {
        Ran ran = await Run.Async(args.Split(' '));
        Assert.Equal(0, ran.Code);
        Assert.Contains("Examples:\n  countersign ", ran.Output);
    }
}
