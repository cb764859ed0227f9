using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Countersign.Gateway.Providers.Http;

namespace Countersign.Gateway.Tests.Providers;

public sealed class ReadAheadStreamTests : IDisposable
{
    private readonly Pipe pipe = new();
    private readonly ReadAheadStream stream;
    private readonly byte[] room = new byte[4];

    public ReadAheadStreamTests() => stream = new ReadAheadStream(pipe.Reader.AsStream());

    public void Dispose() => stream.Dispose();

    [Fact]
    public async Task Read_OfWhatHasCome_IsGivenBitByBit()
    {
        await pipe.Writer.WriteAsync("abcdef"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("abcd", await ReadAsync());
        Assert.Equal("ef", await ReadAsync());
    }

    [Fact]
    public async Task Read_ThatWaits_GetsWhatComes_AgainAndAgain()
    {
        foreach (string part in new[] { "ab", "c", "defg" })
        {
            var reading = ReadAsync();
            Assert.False(reading.IsCompleted);
            await pipe.Writer.WriteAsync(System.Text.Encoding.UTF8.GetBytes(part), TestContext.Current.CancellationToken);
            Assert.Equal(part, await reading);
        }

        var last = ReadAsync();
        await pipe.Writer.CompleteAsync();
        Assert.Equal("", await last);
    }

    [Fact]
    public async Task Read_ThatWaits_FailsAsItsConnectionDoes()
    {
        var reading = ReadAsync();
        await pipe.Writer.CompleteAsync(new IOException("gone"));

        Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(() => reading)).Message);
        var again = stream.ReadAsync(room, TestContext.Current.CancellationToken); // Failed at once, and says so when it is awaited.
        Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(async () => await again)).Message);
    }

    [Fact]
    public async Task Read_ThatIsCancelled_LosesNothing()
    {
        using var leaving = new CancellationTokenSource();
        var reading = stream.ReadAsync(room, leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        await pipe.Writer.WriteAsync("abc"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("abc", await ReadAsync());
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2012", Justification = "What an awaiter does is what is tested.")]
    public async Task Read_ThatWaits_GoesOnInItsCallersContext()
    {
        var local = new AsyncLocal<string> { Value = "caller" };
        var seen = new TaskCompletionSource<string?>();
        stream.ReadAsync(room, TestContext.Current.CancellationToken).GetAwaiter().OnCompleted(() => seen.SetResult(local.Value));
        local.Value = "other";
        await pipe.Writer.WriteAsync("a"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("caller", await seen.Task);
    }

    [Fact]
    public async Task Result_OfAReadThatWaited_IsThereOnce()
    {
        var reading = stream.ReadAsync(room, TestContext.Current.CancellationToken);
        var kept = reading.Preserve();
        await pipe.Writer.WriteAsync("ab"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(2, await kept);

        Assert.Throws<InvalidOperationException>(() => reading.IsCompleted);
    }

    private async Task<string> ReadAsync() => System.Text.Encoding.UTF8.GetString(room, 0, await stream.ReadAsync(room, TestContext.Current.CancellationToken));
}
