using System.Runtime.InteropServices;

namespace Countersign.Engine.Tensors;

/// <summary>Zeroed memory outside the managed heap, aligned to 64 bytes, with 64 readable bytes behind its end.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;

    public NativeBuffer(long byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        ByteCount = byteCount;
        Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)(byteCount + Alignment), Alignment);
        NativeMemory.Clear(Pointer, (nuint)(byteCount + Alignment));
        GC.AddMemoryPressure(byteCount + Alignment);
    }

    ~NativeBuffer() => Free();

    public long ByteCount { get; }

    public byte* Pointer { get; private set; }

    public float* Floats => (float*)Pointer;

    public static NativeBuffer OfFloats(long count) => new(checked(count * sizeof(float)));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Pointer is null) return;
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        GC.RemoveMemoryPressure(ByteCount + Alignment);
    }
}
