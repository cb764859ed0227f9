using Countersign.Cli.Tests.Commands;
using Countersign.Tests;

namespace Countersign.Cli.Tests.Hub;

/// <summary>The command as a person runs it, against a hub on loopback. The only class that sets <c>HF_ENDPOINT</c>.</summary>
public sealed class PullCommandTests : IAsyncLifetime
{
    private Pulling pulling = null!;

    public async ValueTask InitializeAsync()
    {
        pulling = await Pulling.StartAsync();
        Environment.SetEnvironmentVariable("HF_ENDPOINT", pulling.Hub.Address);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("HF_ENDPOINT", null);
        await pulling.DisposeAsync();
    }

    [Fact]
    public async Task Pull_OfTheShippedModel_ThenShowAndVerify()
    {
        const string name = "all-MiniLM-L6-v2-Q8_0.gguf";
        pulling.Hub.Files.Clear();
        pulling.Hub.Files[name] = await File.ReadAllBytesAsync(Path.Combine(SharedData.RepositoryRoot, "models", name));
        var ran = await PullAsync($"{FakeHub.Repository}:Q8_0");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Contains("apache-2.0", ran.Output);
        Assert.Contains("24.1 MiB in one file", ran.Output);
        Assert.Equal([name, name + ".sha256"], pulling.Names);
        var shown = await Run.Async("models", "show", "all-MiniLM-L6-v2-Q8_0", "--models", pulling.Folder);
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.Matches("architecture +bert", shown.Output);
        Assert.Contains("as it should be", (await Run.Async("models", "verify", "--models", pulling.Folder)).Output);
    }

    [Fact]
    public async Task DryRun_Shows_AndPullsNothing()
    {
        var ran = await PullAsync(FakeHub.Repository, "--dry-run");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Contains("Q4_K_M (the default choice", ran.Output);
        Assert.Empty(pulling.Names);
        Assert.Empty(pulling.Hub.Downloads);
    }

    [Fact]
    public async Task Pull_OfWhatTheEngineCannotRead_IsRefusedBeforeTheDownload_UnlessWanted()
    {
        pulling.Hub.Files["tiny.Q2_K.gguf"] = new byte[1000];
        var refused = await PullAsync($"{FakeHub.Repository}:Q2_K");
        Assert.Equal(1, refused.Code);
        Assert.Contains("does not compute with weights in Q2_K: it reads", refused.Error);
        Assert.Contains("as in org/tiny:Q4_K_M", refused.Error);
        Assert.DoesNotContain("tiny.Q2_K", refused.Error);
        Assert.Empty(pulling.Hub.Downloads);
        var ran = await PullAsync($"{FakeHub.Repository}:Q2_K", "--anyway");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Contains("The engine here cannot read it.", ran.Output);
        Assert.Contains("tiny.Q2_K.gguf", pulling.Names);
    }

    [Fact]
    public async Task Pull_IntoAFolderWithDigests_LeavesThemAsTheyAre()
    {
        await File.WriteAllTextAsync(pulling.At("SHA256SUMS"), "theirs\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await PullAsync(FakeHub.Repository)).Code);
        Assert.Equal("theirs\n", await File.ReadAllTextAsync(pulling.At("SHA256SUMS"), TestContext.Current.CancellationToken));
        Assert.Equal(Engine.EngineModel.Digest(pulling.At("tiny.Q4_K_M.gguf"), TestContext.Current.CancellationToken) + "  tiny.Q4_K_M.gguf\n", await File.ReadAllTextAsync(pulling.At("tiny.Q4_K_M.gguf.sha256"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Pull_Again_FindsItThere_AndAnotherFileIsNotReplaced()
    {
        Assert.Equal(0, (await PullAsync(FakeHub.Repository)).Code);
        Assert.Contains("already", (await PullAsync(FakeHub.Repository)).Output);
        Assert.Single(pulling.Hub.Downloads);
        await File.WriteAllTextAsync(pulling.At("tiny.Q4_K_M.gguf"), "mine");
        var ran = await PullAsync(FakeHub.Repository);
        Assert.Equal(1, ran.Code);
        Assert.Contains("another tiny.Q4_K_M.gguf", ran.Error);
        Assert.Equal("mine", await File.ReadAllTextAsync(pulling.At("tiny.Q4_K_M.gguf")));
    }

    [Fact]
    public async Task WrongCommandLine_EndsWith2_AndAnUnknownRepositoryWith1()
    {
        Assert.Equal(2, (await PullAsync("no-repository")).Code);
        Assert.Equal(2, (await PullAsync("org/../etc")).Code);
        var unknown = await PullAsync("org/other");
        Assert.Equal(1, unknown.Code);
        Assert.Contains("no such thing (404): org/other", unknown.Error);
    }

    [Fact]
    public async Task Help_HasExamples() => Assert.Contains("countersign models pull bartowski/", (await Run.Async("models", "pull", "--help")).Output);

    private Task<Ran> PullAsync(params string[] args) => Run.Async(["models", "pull", .. args, "--models", pulling.Folder]);
}
