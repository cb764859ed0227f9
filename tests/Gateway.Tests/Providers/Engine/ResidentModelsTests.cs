using Countersign.Engine;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers.Engine;
using Countersign.Gateway.Telemetry;
using Countersign.Gateway.Tests.Dispatch;
using Countersign.Gateway.Tests.Ledger;
using Countersign.Protocol.Problems;
using Countersign.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Gateway.Tests.Providers.Engine;

/// <summary>Models come into memory and leave it, on tiny ones.</summary>
public sealed class ResidentModelsTests : IDisposable
{
    private const string First = "llama-w256.q8_0", Second = "llama-w256.q4_0";

    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "tests", "Engine.Tests", "Fixtures", "arch");

    private readonly TurnedClock clock = new();
    private readonly GatewayMetrics metrics = new();

    public void Dispose() => metrics.Dispose();

    [Fact]
    public async Task Take_Twice_LoadsOnce()
    {
        using var models = Models();
        using var first = await TakeAsync(models, First);
        using var second = await TakeAsync(models, First);
        Assert.Same(first.Model, second.Model);
    }

    [Fact]
    public async Task Take_TellsHowMuchIsLoaded()
    {
        using var models = Models();
        List<double> told = [];
        using var lease = await models.TakeAsync(new ModelUse(First), told.Add, TestContext.Current.CancellationToken);
        Assert.True(told.Count > 3);
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1]);
    }

    [Fact]
    public async Task Idle_ForItsTime_IsUnloaded_InUse_IsNot()
    {
        using var models = Models();
        var lease = await TakeAsync(models, First);
        clock.Turn(TimeSpan.FromHours(1));
        Assert.Equal([First], models.Names);
        lease.Dispose();
        clock.Turn(TimeSpan.FromMinutes(9));
        Assert.Equal([First], models.Names);
        clock.Turn(TimeSpan.FromMinutes(2));
        Assert.Empty(models.Names);
        using var again = await TakeAsync(models, First);
        Assert.NotSame(lease.Model, again.Model);
    }

    [Fact]
    public async Task Budget_ForOne_MakesRoomByUnloadingTheUnused_AndRefusesWhileItIsUsed()
    {
        using var models = Models(memory: MemoryNeed.Of(Path.Combine(Folder, First + ".gguf"), new()).Total + 1000);
        var first = await TakeAsync(models, First);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => TakeAsync(models, Second));
        Assert.Equal(ProblemKind.RateLimited, refused.Problem.Kind);
        first.Dispose();
        using var second = await TakeAsync(models, Second);
        Assert.Equal([Second], models.Names);
    }

    [Fact]
    public async Task Budget_TooSmall_SaysWhatIsNeeded()
    {
        using var models = Models(memory: 1000);
        Assert.Contains("memory", (await Assert.ThrowsAsync<ProblemException>(() => TakeAsync(models, First))).Message);
    }

    [Fact]
    public async Task Retired_UnloadsWhenTheLastCallEnds()
    {
        using var models = Models();
        var lease = await TakeAsync(models, First);
        models.Retire();
        Assert.Equal([First], models.Names);
        lease.Dispose();
        Assert.Empty(models.Names);
    }

    [Fact]
    public async Task DigestThatDiffers_IsRefused_AndTriedAgainNextTime()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Folder, First + ".gguf"), folder.File("a.gguf"));
        await File.WriteAllTextAsync(folder.File("SHA256SUMS"), $"{new string('0', 64)}  a.gguf\n", TestContext.Current.CancellationToken);
        using var models = new ResidentModels(new EngineOptions { Models = Path.GetDirectoryName(folder.File("a.gguf")), Threads = 1 }, clock, NullLogger.Instance, metrics);
        Assert.Equal(EngineErrorKind.CorruptFile, (await Assert.ThrowsAsync<EngineException>(() => TakeAsync(models, "a"))).Kind);
        await File.WriteAllTextAsync(folder.File("SHA256SUMS"), $"{EngineModel.Digest(folder.File("a.gguf"), default)}  a.gguf\n", TestContext.Current.CancellationToken);
        (await TakeAsync(models, "a")).Dispose();
    }

    [Fact]
    public async Task Take_WithADraftModel_IsAnotherModelThanWithout()
    {
        using var models = Models();
        var drafted = new ModelUse(First, new DraftModel(Second));
        using var plain = await TakeAsync(models, First);
        using var first = await models.TakeAsync(drafted, null, TestContext.Current.CancellationToken);
        using var second = await models.TakeAsync(drafted with { Draft = new DraftModel(Second) }, null, TestContext.Current.CancellationToken);
        Assert.NotSame(plain.Model, first.Model);
        Assert.Same(first.Model, second.Model);
        Assert.True(first.Model.Engine.MemoryNeed.Weights > plain.Model.Engine.MemoryNeed.Weights);
    }

    [Fact]
    public async Task Release_CountsWhatWasGuessed()
    {
        using var text = new PrometheusText(metrics);
        using var models = Models();
        for (int i = 0; i < 2; i++)
        {
            using var lease = await models.TakeAsync(new ModelUse(First, new DraftModel(First)), null, TestContext.Current.CancellationToken);
            await foreach (var _ in lease.Model.Engine.GenerateAsync(new() { Prompt = [5, 6, 7], MaxTokens = 30, IgnoreEndOfGeneration = true, Sampling = new() { Seed = 1 } }, TestContext.Current.CancellationToken))
            {
            }
        }

        string written = text.Write();
        Assert.Matches($"countersign_engine_guesses_total\\{{model=\"{First}\",held=\"true\"\\}} [0-9]{{2}}\n", written);
        Assert.DoesNotContain("held=\"false\"", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nemotron_h.f32", "cannot be a draft model")]
    [InlineData("bert-mean.f32", "gives vectors cannot be a draft model")]
    public async Task Take_DraftModelThatDoesNotFit_IsNotTheCallersFault(string draft, string said)
    {
        using var models = Models();
        var refused = await Assert.ThrowsAsync<ProblemException>(async () => await models.TakeAsync(new ModelUse("llama.f32", new DraftModel(draft)), null, TestContext.Current.CancellationToken));
        Assert.Equal(ProblemKind.UpstreamUnavailable, refused.Problem.Kind);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Empty(models.Names);
    }

    private static async Task<ModelLease> TakeAsync(ResidentModels models, string name) => await models.TakeAsync(new ModelUse(name), null, TestContext.Current.CancellationToken);

    private ResidentModels Models(long? memory = null) => new(new EngineOptions { Models = Folder, MemoryBytes = memory, UnloadAfter = TimeSpan.FromMinutes(10), Threads = 1 }, clock, NullLogger.Instance, metrics);
}
