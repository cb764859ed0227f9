using System.Runtime.CompilerServices;
using System.Text;

namespace Countersign.Engine.Gguf;

/// <summary>Reads the header of a GGUF file from front to back. Nothing is read or allocated before the bytes for it are known to exist.</summary>
internal sealed unsafe class GgufCursor(MappedFile file)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public long Position { get; private set; }

    public long Remaining => file.Length - Position;

    /// <summary>One little-endian number.</summary>
    public T Read<T>() where T : unmanaged
    {
        Need(sizeof(T), "a number");
        T value = Unsafe.ReadUnaligned<T>(file.Pointer + Position);
        Position += sizeof(T);
        return value;
    }

    /// <summary>A count of things that take at least <paramref name="leastBytesEach"/> bytes each in the rest of the file.</summary>
    public int ReadCount(string of, int leastBytesEach, int limit)
    {
        long at = Position;
        ulong count = Read<ulong>();
        if (count > (ulong)limit) throw Error(at, $"{count} {of}, more than the limit of {limit}.");
        if (count > (ulong)(Remaining / leastBytesEach)) throw Error(at, $"{count} {of} announced, but only {Remaining} bytes follow.");
        return (int)count;
    }

    /// <summary>A length-prefixed name, which has to be valid UTF-8 of at most <paramref name="limit"/> bytes.</summary>
    public string ReadName(string what, int limit)
    {
        long at = Position;
        int length = ReadCount($"bytes of {what}", 1, limit);
        try
        {
            return StrictUtf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw Error(at, $"{what} is not valid UTF-8.");
        }
    }

    /// <summary>A length-prefixed text value; bytes that are not UTF-8 become replacement characters (some vocabularies hold such pieces).</summary>
    public string ReadText() => Encoding.UTF8.GetString(Take(ReadCount("bytes of text", 1, int.MaxValue / 2)));

    /// <summary>An array of numbers, copied out.</summary>
    public T[] ReadNumbers<T>(int limit) where T : unmanaged
    {
        int count = ReadCount("array elements", sizeof(T), limit);
        var values = new T[count];
        fixed (T* target = values) Buffer.MemoryCopy(file.Pointer + Position, target, (long)count * sizeof(T), (long)count * sizeof(T));
        Position += (long)count * sizeof(T);
        return values;
    }

    public GgufException Error(long offset, string problem) => new(file.Name, offset, problem);

    private ReadOnlySpan<byte> Take(int length)
    {
        Need(length, "text");
        var bytes = new ReadOnlySpan<byte>(file.Pointer + Position, length);
        Position += length;
        return bytes;
    }

    private void Need(long bytes, string what)
    {
        if (bytes > Remaining) throw Error(Position, $"the file ends where {what} of {bytes} bytes should be.");
    }
}
