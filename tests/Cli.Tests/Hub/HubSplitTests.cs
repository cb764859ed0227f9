using Countersign.Cli.Hub;
using Microsoft.AspNetCore.Http;

namespace Countersign.Cli.Tests.Hub;

/// <summary>Split models come whole or not at all.</summary>
public sealed class HubSplitTests
{
    private const string First = "big-Q4_0-00001-of-00002.gguf", Second = "big-Q4_0-00002-of-00002.gguf";

    [Fact]
    public async Task BothParts_GetTheirNames()
    {
        await using var pulling = await StartAsync();
        await pulling.PullAsync();
        Assert.Equal([First, First + ".sha256", Second, Second + ".sha256"], pulling.Names);
        foreach (string part in new[] { First, Second }) Assert.EndsWith($"  {part}\n", await File.ReadAllTextAsync(pulling.At(part + ".sha256")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondPartFails_NoneGetsItsName_AndTheFirstIsNotFetchedAgain()
    {
        await using var pulling = await StartAsync();
        pulling.Hub.Then(pulling.Hub.SendAsync).Then(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<HubException>(() => pulling.PullAsync());
        Assert.DoesNotContain(pulling.Names, name => name.EndsWith(".gguf", StringComparison.Ordinal));
        await pulling.PullAsync();
        Assert.Equal([First, First + ".sha256", Second, Second + ".sha256"], pulling.Names);
        Assert.Single(pulling.Hub.Downloads, request => request.Path.EndsWith(First, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PartMissingOnTheHub_NothingIsAskedFor()
    {
        await using var pulling = await StartAsync();
        pulling.Hub.Files.Remove("Q4_0/" + Second);
        Assert.Contains("of which org/tiny has 1", await pulling.RefusalAsync());
        Assert.Empty(pulling.Hub.Downloads);
    }

    private static async Task<Pulling> StartAsync()
    {
        var pulling = await Pulling.StartAsync("Q4_0/" + First, 50_000);
        pulling.Hub.Files["Q4_0/" + Second] = Pulling.Content(9, 70_000);
        pulling.Hub.Files["README.md"] = [1];
        return pulling;
    }
}
