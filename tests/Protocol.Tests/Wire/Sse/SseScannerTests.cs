using System.Text;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Sse;

namespace Countersign.Protocol.Tests.Wire.Sse;

public sealed class SseScannerTests
{
    /// <summary>A stream, and its events as <c>type|data</c>.</summary>
    public static TheoryData<string, string[]> Streams => new()
    {
        { "data: a\n\n", ["|a"] },
        { "data:a\n\ndata:  b\n\n", ["|a", "| b"] },
        { "event: x\ndata: a\n\ndata: b\n\n", ["x|a", "|b"] },
        { "data: a\ndata: b\ndata\n\ndata: c\n\n", ["|a\nb\n", "|c"] },
        { "data\n\n", ["|"] },
        { "event: lonely\n\ndata: a\n\n", ["|a"] },
        { ": hello\n\n: again\ndata: a\n\n:\n\n", ["|a"] },
        { "id: 7\nretry: 10\nother: x\ndatax: y\ndata: a\n\n", ["|a"] },
        { "data: é\U0001F600ü\n\n", ["|é\U0001F600ü"] },
        { "\uFEFFdata: a\n\n", ["|a"] },
        { "data: a\n\n\n\n\ndata: b\n\n", ["|a", "|b"] },
        { "data: a\n\ndata: [DONE]", ["|a", "|[DONE]"] },
        { "data: a\n\ndata: [DONE]\n", ["|a", "|[DONE]"] },
        { "data: a\n\n: end", ["|a"] },
        { "", [] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void TryRead_AnyLineEndsAtEverySplit_GivesTheSameEventsAndBytes(string stream, string[] expected)
    {
        foreach (string lineEnd in new[] { "\n", "\r\n", "\r" })
        {
            byte[] bytes = Encoding.UTF8.GetBytes(stream.Replace("\n", lineEnd, StringComparison.Ordinal));
            for (int split = 0; split <= bytes.Length; split++)
            {
                var (events, raw) = Read([bytes[..split], bytes[split..]]);
                Assert.Equal(expected, events);
                Assert.Equal(bytes, raw);
            }

            Assert.Equal(expected, Read(bytes.Select(b => new[] { b })).Events);
        }
    }

    [Fact]
    public void TryRead_MixedLineEnds_AreLineEndsAll() =>
        Assert.Equal(["x|a\nb", "|c"], Read([Encoding.UTF8.GetBytes("event: x\rdata: a\r\ndata: b\n\rdata: c\r\n\r\n")]).Events);

    [Fact]
    public void TryRead_LongEvents_GrowTheBuffer()
    {
        string text = new('x', 100_000);

        var (events, _) = Read(Encoding.UTF8.GetBytes($"data: {text}\n\ndata: b\n\n").Chunk(777));

        Assert.Equal(["|" + text, "|b"], events);
    }

    [Fact]
    public void TryRead_EventBeyondTheLimit_IsAnUpstreamFailure()
    {
        using var scanner = new SseScanner(maxEventBytes: 1000);
        Fill(scanner, Encoding.UTF8.GetBytes(new string('x', 1001)));

        var e = Assert.Throws<ProblemException>(() => scanner.TryRead(out _));

        Assert.Equal(ProblemKind.UpstreamFailed, e.Problem.Kind);
    }

    [Fact]
    public void TakeRaw_HalfAnEvent_IsKeptBack()
    {
        using var scanner = new SseScanner();
        Fill(scanner, "data: a\n\ndata: b"u8);
        while (scanner.TryRead(out _))
        {
        }

        Assert.Equal("data: a\n\n"u8, scanner.TakeRaw().Span);
        Assert.True(scanner.TakeRaw().IsEmpty);
        Fill(scanner, "\n\n"u8);
        Assert.True(scanner.TryRead(out _));
        Assert.Equal("data: b\n\n"u8, scanner.TakeRaw().Span);
    }

    [Theory]
    [InlineData("a", "data: bb\n\ndata: ccc\n\n")]
    [InlineData("bb", "data: a\n\ndata: ccc\n\n")]
    [InlineData("ccc", "data: a\n\ndata: bb\n\n")]
    public void DropLast_OneEvent_LeavesTheOthers(string dropped, string expected)
    {
        using var scanner = new SseScanner();
        Fill(scanner, "data: a\n\ndata: bb\n\ndata: ccc\n\n"u8);
        while (scanner.TryRead(out var frame))
        {
            if (frame.Data.SequenceEqual(Encoding.UTF8.GetBytes(dropped))) scanner.DropLast();
        }

        Assert.Equal(expected, Encoding.UTF8.GetString(scanner.TakeRaw().Span));
    }

    [Fact]
    public void TryRead_RandomBytes_NeverThrowsAndKeepsEveryByte()
    {
        var random = new Random(20261125);
        byte[] alphabet = [.. "data: event\r\n\r\n:x"u8, 0xC3, 0xEF, 0xBB, 0xBF, 0];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = random.GetItems(alphabet, random.Next(60));
            var whole = Read([bytes]);
            var pieces = Read(bytes.Chunk(random.Next(1, 8)));

            Assert.Equal(whole.Events, pieces.Events);
            Assert.Equal(bytes, whole.Raw);
            Assert.Equal(bytes, pieces.Raw);
        }
    }

    private static (List<string> Events, byte[] Raw) Read(IEnumerable<byte[]> pieces)
    {
        using var scanner = new SseScanner();
        var events = new List<string>();
        var raw = new List<byte>();
        foreach (byte[] piece in pieces)
        {
            Fill(scanner, piece);
            ReadAll();
        }

        scanner.End();
        ReadAll();
        return (events, [.. raw]);

        void ReadAll()
        {
            while (scanner.TryRead(out var frame)) events.Add($"{Encoding.UTF8.GetString(frame.EventType)}|{Encoding.UTF8.GetString(frame.Data)}");
            raw.AddRange(scanner.TakeRaw().Span);
        }
    }

    private static void Fill(SseScanner scanner, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = scanner.GetMemory().Span;
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            scanner.Advance(count);
            bytes = bytes[count..];
        }
    }
}
