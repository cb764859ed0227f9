using System.Text;
using Countersign.Engine.Sampling;

namespace Countersign.Engine.Tests.Sampling;

public sealed class TextStreamTests
{
    [Fact]
    public void Append_CharacterSplitOverTokens_ComesWhole()
    {
        var stream = new TextStream();
        byte[] smile = "😀"u8.ToArray();
        Assert.Equal("a", stream.Append([(byte)'a', smile[0]]).ToString());
        Assert.Equal("", stream.Append([smile[1], smile[2]]).ToString());
        Assert.Equal("😀b", stream.Append([smile[3], (byte)'b']).ToString());
        Assert.Equal("", stream.Append([0xE4]).ToString());
        Assert.Equal("\uFFFD", stream.Finish().ToString());
    }

    [Fact]
    public void Append_StopStringSplitOverTokens_NeverShowsItsBeginning()
    {
        var stream = new TextStream(new StopStrings(["</answer>", "END"]));
        Assert.Equal("x ", stream.Append("x </an"u8).ToString());
        Assert.Equal("", stream.Append("swer"u8).ToString());
        Assert.Equal("</answer E", stream.Append(" EE"u8).ToString()[..10]);
        Assert.False(stream.Stopped);
        Assert.Equal("", stream.Append("N"u8).ToString());
        Assert.Equal("", stream.Append("D after"u8).ToString());
        Assert.True(stream.Stopped);
        Assert.Equal("END", stream.StopString);
        Assert.Equal("", stream.Append("more"u8).ToString());
        Assert.Equal("", stream.Finish().ToString());
    }

    [Fact]
    public void Finish_WithAHeldBeginning_ReleasesIt()
    {
        var stream = new TextStream(new StopStrings(["STOP"]));
        Assert.Equal("a", stream.Append("aSTO"u8).ToString());
        Assert.Equal("STO", stream.Finish().ToString());
    }

    [Fact]
    public void Append_RandomSplits_GiveTheTextBeforeTheFirstStop()
    {
        var random = new Random(11);
        for (int round = 0; round < 2000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, 60).Select(_ => "abé😀"[random.Next(5)..][..1]));
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            string[] stops = [.. Enumerable.Range(0, 3).Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 6)).Select(_ => "abé"[random.Next(3)])))];
            (string expected, bool stopped) = Expected(text, stops);
            var stream = new TextStream(new StopStrings(stops));
            var actual = new StringBuilder();
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            for (int at = 0; at < bytes.Length;)
            {
                int length = Math.Min(random.Next(1, 5), bytes.Length - at);
                actual.Append(stream.Append(bytes.AsSpan(at, length)));
                Assert.StartsWith(actual.ToString(), expected, StringComparison.Ordinal);
                at += length;
            }

            actual.Append(stream.Finish());
            Assert.Equal(expected, actual.ToString());
            Assert.Equal(stopped, stream.Stopped);
        }
    }

    [Fact]
    public void StopStrings_TenThousand_TakeNoQuadraticTime()
    {
        string[] stops = [.. Enumerable.Range(0, 10_000).Select(i => new string('a', 50) + i)];
        long before = TimeProvider.System.GetTimestamp();
        var stream = new TextStream(new StopStrings(stops));
        byte[] text = Encoding.UTF8.GetBytes(new string('a', 200_000));
        foreach (byte[] chunk in text.Chunk(4)) stream.Append(chunk);
        stream.Append("9999"u8);
        Assert.True(stream.Stopped);
        Assert.True(TimeProvider.System.GetElapsedTime(before) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void StopStrings_EmptyOrEnormous_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new StopStrings([""]));
        Assert.Throws<ArgumentException>(() => new StopStrings([new string('x', 9 << 20)]));
    }

    [Fact]
    public void Append_OnTheHotPath_AllocatesNothing()
    {
        var stream = new TextStream(new StopStrings(["never"]));
        stream.Append("warm up neve"u8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) stream.Append(" token ne"u8);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // The stop that ends first counts, the longest of those that end together.
    private static (string Text, bool Stopped) Expected(string text, string[] stops)
    {
        for (int end = 1; end <= text.Length; end++)
        {
            string? stop = stops.Where(s => text.AsSpan(0, end).EndsWith(s, StringComparison.Ordinal)).MaxBy(s => s.Length);
            if (stop is not null) return (text[..(end - stop.Length)], true);
        }

        return (text, false);
    }
}
