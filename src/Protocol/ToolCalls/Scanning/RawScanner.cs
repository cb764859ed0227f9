namespace Countersign.Protocol.ToolCalls.Scanning;

/// <summary>Raw text as it arrives. What was read is forgotten, unless it is held to be given back as text.</summary>
internal sealed class RawScanner
{
    private const int NotHeld = -1;
    private char[] buffer = new char[256];
    private int position, end, held = NotHeld;

    /// <summary>Whether nothing more will come.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>What was not read yet; valid until text is added.</summary>
    public ReadOnlySpan<char> Rest => buffer.AsSpan(position, end - position);

    /// <summary>What was read since <see cref="Hold"/>.</summary>
    public ReadOnlySpan<char> Held => held == NotHeld ? default : buffer.AsSpan(held, position - held);

    public void Add(ReadOnlySpan<char> text)
    {
        MakeRoom(text.Length);
        text.CopyTo(buffer.AsSpan(end));
        end += text.Length;
    }

    public void Complete() => IsComplete = true;

    public void Skip(int length) => position += length;

    /// <summary>Keeps what is read from here on.</summary>
    public void Hold() => held = position;

    public void Release() => held = NotHeld;

    /// <summary>Whether <paramref name="mark"/> comes next; <c>null</c> while that cannot be told.</summary>
    public bool? Starts(string mark, int offset = 0)
    {
        var rest = Rest[Math.Min(offset, Rest.Length)..];
        if (rest.StartsWith(mark)) return true;
        return !IsComplete && mark.AsSpan().StartsWith(rest) ? null : false;
    }

    /// <summary>Where the next character that is no white space stands; the length of the rest where there is none yet.</summary>
    public int SpaceLength()
    {
        int length = Rest.IndexOfAnyExcept(" \t\r\n");
        return length < 0 ? Rest.Length : length;
    }

    private void MakeRoom(int length)
    {
        int first = held == NotHeld ? position : held;
        if (end + length <= buffer.Length) return;
        int kept = end - first;
        var target = kept + length > buffer.Length / 2 ? new char[Math.Max(buffer.Length * 2, kept + length)] : buffer;
        buffer.AsSpan(first, kept).CopyTo(target);
        (buffer, position, end) = (target, position - first, kept);
        if (held != NotHeld) held = 0;
    }
}
