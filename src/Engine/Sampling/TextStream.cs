using System.Text;

namespace Countersign.Engine.Sampling;

/// <summary>Turns token bytes into text that may be sent: whole characters only, and never a byte of what may yet become a stop string. One per answer; reuses its buffers.</summary>
internal sealed class TextStream(StopStrings? stops = null)
{
    private byte[] _pending = new byte[256];
    private char[] _text = new char[256];
    private int _count;
    private int _state;

    /// <summary>Whether a stop string was found. Nothing comes after it.</summary>
    public bool Stopped { get; private set; }

    /// <summary>The stop string found.</summary>
    public string? StopString { get; private set; }

    /// <summary>The text that <paramref name="bytes"/> set free; valid until the next call.</summary>
    public ReadOnlySpan<char> Append(ReadOnlySpan<byte> bytes)
    {
        if (Stopped) return [];
        if (_count + bytes.Length > _pending.Length) Array.Resize(ref _pending, Math.Max(_pending.Length * 2, _count + bytes.Length));
        foreach (byte value in bytes)
        {
            _pending[_count++] = value;
            if (stops is null) continue;
            _state = stops.Step(_state, value);
            if (stops.Matched(_state) is > 0 and int length) return Stop(length);
        }

        int free = stops is null ? _count : _count - stops.Held(_state);
        return Release(free - UnfinishedTail(_pending.AsSpan(0, free)));
    }

    /// <summary>What was held back, when the answer ends without a stop string. Half a character becomes U+FFFD.</summary>
    public ReadOnlySpan<char> Finish() => Stopped ? [] : Release(_count);

    private ReadOnlySpan<char> Stop(int length)
    {
        Stopped = true;
        StopString = Encoding.UTF8.GetString(_pending, _count - length, length);
        return Release(_count - length);
    }

    private ReadOnlySpan<char> Release(int count)
    {
        if (count <= 0) return [];
        if (_text.Length < count) _text = new char[Math.Max(count, _text.Length * 2)]; // A byte is never more than one UTF-16 unit.
        int written = Encoding.UTF8.GetChars(_pending.AsSpan(0, count), _text);
        _pending.AsSpan(count, _count - count).CopyTo(_pending);
        _count -= count;
        return _text.AsSpan(0, written);
    }

    private static int UnfinishedTail(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            byte value = bytes[^back];
            if ((value & 0xC0) == 0x80) continue;
            int needed = value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : value >= 0xC0 ? 2 : 1;
            return needed > back ? back : 0;
        }

        return 0;
    }
}
