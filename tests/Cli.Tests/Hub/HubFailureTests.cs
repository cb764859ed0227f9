using Microsoft.AspNetCore.Http;

namespace Countersign.Cli.Tests.Hub;

/// <summary>A hub that cuts, stalls and lies.</summary>
public sealed class HubFailureTests
{
    private const string File = "tiny.Q4_K_M.gguf";

    [Fact]
    public async Task Cut_GoesOnWhereItStopped_WithTheSameVersion()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(context => CutAsync(context, pulling.Hub, 100_000)).Then(context => Status(context, 500));
        await pulling.PullAsync();
        await AssertWholeAsync(pulling);
        var last = pulling.Hub.Downloads.Last();
        Assert.Equal("bytes=100000-", last.Range);
        Assert.Equal($"\"{FakeHub.Digest(pulling.Hub.Files[File])[..16]}\"", last.IfRange);
    }

    [Fact]
    public async Task Stall_IsCutOff_AndGoneOnWith()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(context => StallAsync(context, pulling.Hub));
        await pulling.PullAsync();
        await AssertWholeAsync(pulling);
        Assert.Equal("bytes=5000-", pulling.Hub.Downloads.Last().Range);
    }

    [Fact]
    public async Task RangeIgnored_BeginsAgain()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(context => CutAsync(context, pulling.Hub, 100_000)).Then(context => context.Response.Body.WriteAsync(pulling.Hub.ContentOf(context)).AsTask());
        await pulling.PullAsync();
        await AssertWholeAsync(pulling);
    }

    [Fact]
    public async Task RangeRefusedWith416_BeginsAgain()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(context => CutAsync(context, pulling.Hub, 100_000)).Then(context => Status(context, 416));
        await pulling.PullAsync();
        await AssertWholeAsync(pulling);
        Assert.Null(pulling.Hub.Downloads.Last().Range);
    }

    [Fact]
    public async Task AlwaysCutAtTheSamePlace_EndsWithoutAName()
    {
        await using var pulling = await Pulling.StartAsync();
        for (int i = 0; i < 20; i++) pulling.Hub.Then(context => CutAsync(context, pulling.Hub, 100_000)).Then(context => Status(context, 416));
        await pulling.RefusalAsync();
        Assert.DoesNotContain(File, pulling.Names);
        Assert.InRange(pulling.Hub.Downloads.Count(), 4, 8);
    }

    [Fact]
    public async Task WrongDigest_IsThrownAway()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Published[File] = new string('a', 64);
        Assert.Contains("has not the SHA-256", await pulling.RefusalAsync());
        Assert.DoesNotContain(File, pulling.Names);
        Assert.Equal(0, new FileInfo(pulling.At(File + ".part")).Length);
    }

    [Fact]
    public async Task NoDigest_IsNotPulled()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Published[File] = null;
        Assert.Contains("publishes no SHA-256", await pulling.RefusalAsync());
        Assert.Empty(pulling.Hub.Downloads);
    }

    [Theory]
    [InlineData(299_999)]
    [InlineData(300_001)]
    public async Task WrongLength_IsRefusedBeforeAByteIsKept(long published)
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Sizes[File] = published;
        Assert.Contains("sends 300,000", await pulling.RefusalAsync());
        Assert.DoesNotContain(File, pulling.Names);
    }

    [Fact]
    public async Task MoreBytesThanPublished_AreRefused()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(async context =>
        {
            await context.Response.Body.WriteAsync(pulling.Hub.ContentOf(context));
            await context.Response.Body.WriteAsync(new byte[10]);
        });
        Assert.Contains("sends more than", await pulling.RefusalAsync());
        Assert.DoesNotContain(File, pulling.Names);
    }

    [Fact]
    public async Task AnotherRangeThanAsked_IsRefused()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(context => CutAsync(context, pulling.Hub, 100_000)).Then(context =>
        {
            context.Request.Headers.Range = "bytes=5-";
            context.Request.Headers.IfRange = default;
            return pulling.Hub.SendAsync(context);
        });
        Assert.Contains("other bytes than it was asked for", await pulling.RefusalAsync());
    }

    [Theory]
    [InlineData(401, "Set HF_TOKEN")]
    [InlineData(403, "Set HF_TOKEN")]
    [InlineData(404, "no such thing")]
    [InlineData(418, "answered 418")]
    public async Task Refusal_SaysWhatToDo_AndIsNotTriedAgain(int status, string said)
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(context => Status(context, status));
        Assert.Contains(said, await pulling.RefusalAsync());
        Assert.Single(pulling.Hub.Downloads);
    }

    [Fact]
    public async Task TooMany_WaitsAsLongAsAsked_ButNotForHours()
    {
        await using var pulling = await Pulling.StartAsync();
        pulling.Hub.Then(context => Status(context, 429, "0")).Then(context => Status(context, 503)).Then(context => Status(context, 429, "7200"));
        Assert.Contains("come back in 7200 s", await pulling.RefusalAsync());
        Assert.Equal(3, pulling.Hub.Downloads.Count());
        await pulling.PullAsync();
        await AssertWholeAsync(pulling);
    }

    private static async Task AssertWholeAsync(Pulling pulling)
    {
        Assert.Equal([File, File + ".sha256"], pulling.Names);
        Assert.Equal(pulling.Hub.Files[File], await System.IO.File.ReadAllBytesAsync(pulling.At(File)));
    }

    /// <summary>Says that all comes, sends the first <paramref name="bytes"/> and cuts the connection. Of a range it sends nothing.</summary>
    private static async Task CutAsync(HttpContext context, FakeHub hub, int bytes)
    {
        byte[] content = hub.ContentOf(context);
        context.Response.ContentLength = content.Length;
        context.Response.Headers.ETag = $"\"{FakeHub.Digest(content)[..16]}\"";
        if (context.Request.Headers.Range.Count == 0) await context.Response.Body.WriteAsync(content.AsMemory(0, bytes));
        await context.Response.Body.FlushAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, context.RequestAborted);
        context.Abort();
    }

    private static async Task StallAsync(HttpContext context, FakeHub hub)
    {
        context.Response.ContentLength = hub.ContentOf(context).Length;
        await context.Response.Body.WriteAsync(hub.ContentOf(context).AsMemory(0, 5000));
        await context.Response.Body.FlushAsync();
        await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, context.RequestAborted);
    }

    private static Task Status(HttpContext context, int status, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    }
}
