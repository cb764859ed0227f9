using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>How the scales of a packed block lie in memory, behind its weights: a weight is <c>factor * value + offset</c>. Formats without
/// minimum give their factor as offset; the kernel multiplies it with the format's constant (such as -8) once, at the end of the row.</summary>
internal unsafe interface IBlockScale
{
    /// <summary>Bytes before every eight blocks, for scales that these share.</summary>
    static abstract int HeaderBytes { get; }

    /// <summary>Bytes behind every block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Whether each 16 columns (part 0 and part 1) have their own scale.</summary>
    static abstract bool PerSixteen { get; }

    /// <summary>Stores the scales of one row.</summary>
    static abstract void Store(in BlockParts parts, byte* header, byte* scales, int row);

    static abstract Vector512<float> Factor512(byte* header, byte* scales, int part);

    static abstract Vector512<float> Offset512(byte* header, byte* scales, int part);

    /// <summary>As <see cref="Factor512"/>, for the eight rows from <paramref name="row"/> on.</summary>
    static abstract Vector256<float> Factor256(byte* header, byte* scales, int part, int row);

    /// <summary>As <see cref="Offset512"/>, for the eight rows from <paramref name="row"/> on.</summary>
    static abstract Vector256<float> Offset256(byte* header, byte* scales, int part, int row);
}
