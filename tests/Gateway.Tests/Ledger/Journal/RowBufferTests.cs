using System.Text;
using Countersign.Gateway.Ledger.Journal;

namespace Countersign.Gateway.Tests.Ledger.Journal;

public sealed class RowBufferTests
{
    [Fact]
    public void Values_OfEveryKind_ComeBackAsTheyWere()
    {
        using var buffer = new RowBuffer();
        buffer.Add(7, long.MinValue, -1, 0, true, false, double.NaN, -0.0, "", "a € 𝄞", default(string), default(long?), default(double?), new string('x', 100_000));
        buffer.Add(8);

        var reader = new RowReader(buffer.Rows);
        var values = new RowValue[16];
        Assert.True(reader.TryRead(out byte kind, values, out int count));
        Assert.Equal((7, 13), (kind, count));
        Assert.Equal([long.MinValue, -1, 0, 1, 0], values[..5].Select(value => value.Integer));
        Assert.True(double.IsNaN(values[5].Real) && double.IsNegative(values[6].Real));
        Assert.Equal(["", "a € 𝄞", null, null, null, new string('x', 100_000)], values[7..13].Select(value => TextOf(value, buffer.Rows.ToArray())));
        Assert.All(values[9..12], value => Assert.Equal(RowValueKind.Null, value.Kind));
        Assert.True(reader.TryRead(out kind, values, out count));
        Assert.Equal((8, 0), (kind, count));
        Assert.False(reader.TryRead(out _, values, out _));
    }

    [Fact]
    public void Records_CutAtAnyByte_AreWholeOrNotThere()
    {
        byte[] first = Framed("first"), all = [.. first, .. Framed("second")];

        for (int length = 0; length <= all.Length; length++)
        {
            ReadOnlySpan<byte> rest = all.AsSpan(0, length);
            int whole = 0;
            while (Frame.TryTake(ref rest, out _)) whole++;
            Assert.Equal(length == all.Length ? 2 : length >= first.Length ? 1 : 0, whole);
        }
    }

    [Fact]
    public void Record_WithAnyByteChanged_IsNone()
    {
        byte[] record = Framed("a request");

        for (int i = 0; i < record.Length; i++)
        {
            byte[] changed = [.. record];
            changed[i] ^= 0x10;
            ReadOnlySpan<byte> rest = changed;
            Assert.False(Frame.TryTake(ref rest, out _), $"byte {i}");
        }
    }

    private static string? TextOf(RowValue value, byte[] record) => value.Kind is RowValueKind.Utf8 ? Encoding.UTF8.GetString(value.Utf8(record)) : null;

    private static byte[] Framed(string text)
    {
        using var buffer = new RowBuffer();
        buffer.Add(1, text, 5);
        return buffer.Framed().ToArray();
    }
}
