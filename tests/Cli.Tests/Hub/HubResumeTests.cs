using Microsoft.AspNetCore.Http;

namespace Countersign.Cli.Tests.Hub;

/// <summary>What a killed pull leaves, and what the next one makes of it.</summary>
public sealed class HubResumeTests
{
    private const string Model = "tiny.Q4_K_M.gguf";

    [Fact]
    public async Task Killed_LeavesAPart_ThatTheNextPullGoesOnWith()
    {
        await using var pulling = await Pulling.StartAsync();
        await KillAfterAsync(pulling, 120_000);
        Assert.Equal([Model + ".part", Model + ".part.of"], pulling.Names);
        await pulling.PullAsync();
        Assert.Equal("bytes=120000-", pulling.Hub.Downloads.Last().Range);
        Assert.Equal([Model, Model + ".sha256"], pulling.Names);
        Assert.Equal(pulling.Hub.Files[Model], await File.ReadAllBytesAsync(pulling.At(Model)));
    }

    [Fact]
    public async Task Killed_ThenAnotherFileOfThatName_BeginsAgain()
    {
        await using var pulling = await Pulling.StartAsync();
        await KillAfterAsync(pulling, 120_000);
        pulling.Hub.Files[Model] = Pulling.Content(8, 200_000);
        await pulling.PullAsync();
        Assert.Null(pulling.Hub.Downloads.Last().Range);
        Assert.Equal(pulling.Hub.Files[Model], await File.ReadAllBytesAsync(pulling.At(Model)));
    }

    [Fact]
    public async Task Part_WholeOnDisk_IsOnlyVerified()
    {
        await using var pulling = await Pulling.StartAsync();
        await LeaveAsync(pulling, pulling.Hub.Files[Model]);
        await pulling.PullAsync();
        Assert.Empty(pulling.Hub.Downloads);
        Assert.Equal([Model, Model + ".sha256"], pulling.Names);
    }

    [Fact]
    public async Task Part_Damaged_IsFoundByTheDigest_AndTheNextPullBeginsAgain()
    {
        await using var pulling = await Pulling.StartAsync();
        await LeaveAsync(pulling, new byte[1000]);
        Assert.Contains("has not the SHA-256", await pulling.RefusalAsync());
        await pulling.PullAsync();
        Assert.Equal([Model, Model + ".sha256"], pulling.Names);
    }

    [Fact]
    public async Task Part_BeingWrittenByAnotherPull_IsLeftAlone()
    {
        await using var pulling = await Pulling.StartAsync();
        await using var other = new FileStream(pulling.At(Model + ".part"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        await Assert.ThrowsAsync<IOException>(() => pulling.PullAsync());
        Assert.Empty(pulling.Hub.Downloads);
    }

    [Fact]
    public async Task Disk_TooFull_IsSaidBeforeTheFirstByte_AndPartsCount()
    {
        await using var pulling = await Pulling.StartAsync();
        Assert.Contains("293 KiB are still to come", await pulling.RefusalAsync(options: pulling.Hub.Options(freeBytes: _ => 299_999)));
        Assert.Empty(pulling.Hub.Downloads);
        await KillAfterAsync(pulling, 120_000);
        await pulling.PullAsync(options: pulling.Hub.Options(freeBytes: _ => 180_000));
        Assert.Equal([Model, Model + ".sha256"], pulling.Names);
    }

    private static async Task LeaveAsync(Pulling pulling, byte[] bytes)
    {
        await File.WriteAllBytesAsync(pulling.At(Model + ".part"), bytes);
        await File.WriteAllLinesAsync(pulling.At(Model + ".part.of"), [FakeHub.Digest(pulling.Hub.Files[Model]), ""]);
    }

    /// <summary>Pulls, and stops when the part on disk has so many bytes, which is where the hub stalls.</summary>
    private static async Task KillAfterAsync(Pulling pulling, int bytes)
    {
        using var killed = new CancellationTokenSource();
        pulling.Hub.Then(async context =>
        {
            context.Response.ContentLength = pulling.Hub.ContentOf(context).Length;
            await context.Response.Body.WriteAsync(pulling.Hub.ContentOf(context).AsMemory(0, bytes));
            await context.Response.Body.FlushAsync();
            while (new FileInfo(pulling.At(Model + ".part")) is not { Exists: true } part || part.Length < bytes) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, context.RequestAborted);
            await killed.CancelAsync();
            await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, context.RequestAborted);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulling.PullAsync(cancellationToken: killed.Token));
    }
}
