using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Load.Bench;

/// <summary>Reads HTTP/1.1 messages from a socket, whole, blocking and without allocating: both ends of the measurement shall cost little beside what is between them.</summary>
internal sealed class HttpReader(Socket socket)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private byte[] body = new byte[64 * 1024];
    private int start, end, bodyLength;

    /// <summary>The status of the answer read last; 0 for a request.</summary>
    public int Status { get; private set; }

    /// <summary>The body read last, its chunks put together.</summary>
    public ReadOnlySpan<byte> Body => body.AsSpan(0, bodyLength);

    /// <summary>Reads a message; <c>false</c> where the connection ended before one.</summary>
    public bool Read()
    {
        if (start == end && !Fill()) return false;
        var line = Line();
        Status = line.StartsWith("HTTP/"u8) && Utf8Parser.TryParse(line[9..], out int status, out _) ? status : 0;
        int length = 0;
        bool isChunked = false;
        while ((line = Line()).Length > 0)
        {
            if (Is(line, "content-length:"u8)) _ = Utf8Parser.TryParse(line[15..].TrimStart((byte)' '), out length, out _);
            else if (Is(line, "transfer-encoding:"u8)) isChunked = true;
        }

        bodyLength = 0;
        if (isChunked) ReadChunks();
        else Take(length);
        return true;
    }

    private static bool Is(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) => line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);

    private void ReadChunks()
    {
        while (true)
        {
            if (!Utf8Parser.TryParse(Line(), out int length, out _, 'x')) throw new InvalidDataException("A chunk without a length.");
            Take(length);
            if (Line().Length > 0) throw new InvalidDataException("A chunk longer than it says.");
            if (length == 0) return;
        }
    }

    /// <summary>A line without its end; valid until more is read.</summary>
    private ReadOnlySpan<byte> Line()
    {
        int found;
        while ((found = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0)
        {
            if (!Fill()) throw new InvalidDataException("The connection ended within a message.");
        }

        var line = buffer.AsSpan(start, found);
        start += found + 2;
        return line;
    }

    private void Take(int length)
    {
        if (body.Length < bodyLength + length) Array.Resize(ref body, 2 * (bodyLength + length));
        while (length > 0)
        {
            if (start == end && !Fill()) throw new InvalidDataException("The connection ended within a body.");
            int part = Math.Min(length, end - start);
            buffer.AsSpan(start, part).CopyTo(body.AsSpan(bodyLength));
            (start, bodyLength, length) = (start + part, bodyLength + part, length - part);
        }
    }

    private bool Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length) throw new InvalidDataException("A line of more than 64 KiB.");
        int read = socket.Receive(buffer.AsSpan(end));
        end += read;
        return read > 0;
    }
}
