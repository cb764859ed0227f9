using System.Buffers;

namespace Countersign.Gateway.Pipeline;

/// <summary>A growing buffer whose memory comes from the shared pool; what an answer is written to before it is sent.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] buffer = [];
    private int written;

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, written);

    public bool IsEmpty => written == 0;

    public void Advance(int count) => written += count;

    public void Clear() => written = 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(written));
        written += bytes.Length;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(written);
    }

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        (buffer, written) = ([], 0);
    }

    private void Reserve(int sizeHint)
    {
        int needed = written + Math.Max(sizeHint, 256);
        if (needed <= buffer.Length) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * buffer.Length));
        buffer.AsSpan(0, written).CopyTo(larger);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
