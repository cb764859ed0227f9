using System.Buffers;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Sse;

/// <summary>Takes a <see href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent event stream</see> apart as its bytes come in,
/// and keeps those bytes, so that they can be forwarded as they were. It takes what servers really send: any line ends, comments, a last event without its blank line.
/// In this order, again and again: fill (<see cref="GetMemory"/>, <see cref="Advance"/>), read (<see cref="TryRead"/> until false), forward (<see cref="TakeRaw"/>, or not).</summary>
/// <param name="maxEventBytes">The most bytes that one event may have.</param>
public sealed class SseScanner(int maxEventBytes = 16 * 1024 * 1024) : IDisposable
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private readonly ArrayBufferWriter<byte> joined = new();
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(16384);

    // Places in the buffer, ascending: what is not forwarded yet, the current event, its current line, how far that line is known to go on, the end of the bytes.
    private int rawStart, eventStart, lineStart, searched, end;
    private int lastEventStart;
    private ByteRange eventType, data;
    private bool hasData, isJoined, isBegun, isCarriageReturnOpen, isEnded;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Room for more bytes of the stream. Bytes of events that were read and not forwarded are gone after this.</summary>
    public Memory<byte> GetMemory()
    {
        if (eventStart > 0) DropRead();
        if (end == buffer.Length) Grow();
        return buffer.AsMemory(end);
    }

    /// <summary>Says how many bytes were put into <see cref="GetMemory"/>.</summary>
    public void Advance(int count) => end += count;

    /// <summary>Says that the stream has ended: what is left counts as an event, whether or not its blank line came.</summary>
    public void End() => isEnded = true;

    /// <summary>The next event, if all of it is here. Comments and events without data are passed over.</summary>
    /// <exception cref="ProblemException">An event is longer than allowed.</exception>
    public bool TryRead(out SseFrame frame)
    {
        if (!isBegun) SkipByteOrderMark();
        while (TryReadLine(out var line))
        {
            if (line.Length > 0)
            {
                TakeLine(line);
                continue;
            }

            bool isEvent = hasData;
            frame = isEvent ? new SseFrame(Slice(eventType), isJoined ? joined.WrittenSpan : Slice(data)) : default;
            BeginEvent();
            if (isEvent) return true;
        }

        if (end - eventStart > maxEventBytes) throw TooLong();
        frame = default;
        return false;
    }

    /// <summary>The bytes of the events read since the last fill or call, comments between them included; whole events only. Valid until <see cref="GetMemory"/>.</summary>
    public ReadOnlyMemory<byte> TakeRaw()
    {
        var raw = buffer.AsMemory(rawStart, eventStart - rawStart);
        rawStart = eventStart;
        return raw;
    }

    /// <summary>Takes the event read last out of what <see cref="TakeRaw"/> gives. Its spans become invalid.</summary>
    public void DropLast()
    {
        int length = eventStart - Math.Max(lastEventStart, rawStart);
        int before = eventStart - length - rawStart;
        buffer.AsSpan(rawStart, before).CopyTo(buffer.AsSpan(rawStart + length));
        rawStart += length;
        lastEventStart = eventStart;
    }

    /// <summary>Gives the buffer back; memory given out becomes invalid.</summary>
    public void Dispose()
    {
        if (buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        rawStart = eventStart = lineStart = searched = end = 0;
    }

    private bool TryReadLine(out ByteRange line)
    {
        if (isCarriageReturnOpen && lineStart < end) CloseCarriageReturn();
        int found = buffer.AsSpan(searched, end - searched).IndexOfAny(LineEnds);
        if (found < 0) return TryReadLastLine(out line);
        int at = searched + found;
        line = new ByteRange(lineStart, at - lineStart);
        isCarriageReturnOpen = buffer[at] == '\r';
        lineStart = searched = at + 1;
        if (isCarriageReturnOpen && lineStart < end) CloseCarriageReturn();
        return true;
    }

    /// <summary>At the end of the stream, the rest is a line, and after it a blank one.</summary>
    private bool TryReadLastLine(out ByteRange line)
    {
        searched = end;
        line = new ByteRange(lineStart, end - lineStart);
        lineStart = isEnded ? end : lineStart;
        return isEnded && eventStart < end;
    }

    /// <summary>A line feed right after a carriage return is the same line end, also when it comes with the next bytes.</summary>
    private void CloseCarriageReturn()
    {
        isCarriageReturnOpen = false;
        if (buffer[lineStart] != '\n') return;
        if (eventStart == lineStart) eventStart++;
        lineStart = searched = lineStart + 1;
    }

    private void TakeLine(ByteRange line)
    {
        var text = Slice(line);
        int colon = text.IndexOf((byte)':');
        var name = colon < 0 ? text : text[..colon];
        int skip = colon < 0 ? text.Length : colon + 1;
        if (skip < text.Length && text[skip] == ' ') skip++;
        var value = new ByteRange(line.Start + skip, line.Length - skip);
        if (name.SequenceEqual("data"u8)) TakeData(value);
        else if (name.SequenceEqual("event"u8)) eventType = value;
    }

    private void TakeData(ByteRange value)
    {
        if (!hasData)
        {
            (hasData, data) = (true, value);
            return;
        }

        if (!isJoined)
        {
            joined.ResetWrittenCount();
            joined.Write(Slice(data));
            isJoined = true;
        }

        joined.Write("\n"u8);
        joined.Write(Slice(value));
    }

    private void BeginEvent()
    {
        lastEventStart = eventStart;
        eventStart = lineStart;
        eventType = data = default;
        hasData = isJoined = false;
    }

    private void SkipByteOrderMark()
    {
        var head = buffer.AsSpan(0, Math.Min(end, ByteOrderMark.Length));
        if (head.Length < ByteOrderMark.Length && ByteOrderMark.StartsWith(head)) return;
        isBegun = true;
        if (head.SequenceEqual(ByteOrderMark)) lineStart = searched = head.Length;
    }

    private void DropRead()
    {
        int gone = eventStart;
        buffer.AsSpan(gone, end - gone).CopyTo(buffer);
        (rawStart, eventStart, lastEventStart) = (0, 0, 0);
        (lineStart, searched, end) = (lineStart - gone, searched - gone, end - gone);
        (eventType, data) = (Moved(eventType, gone), Moved(data, gone));
    }

    private static ByteRange Moved(ByteRange range, int by) => range with { Start = range.Start - by };

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.AsSpan(0, end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private ReadOnlySpan<byte> Slice(ByteRange range) => range.Length == 0 ? default : buffer.AsSpan(range.Start, range.Length);

    private ProblemException TooLong() => new(new Problem(
        ProblemKind.UpstreamFailed, $"The upstream's stream holds an event of more than {maxEventBytes} bytes."));
}
