using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>Eight dot products of unsigned weights with signed inputs.</summary>
internal unsafe interface IBlockDot256
{
    /// <summary>All 32 columns; e and o are the even and odd lines.</summary>
    static abstract Vector256<int> Whole(Vector256<byte> e0, Vector256<byte> o0, Vector256<byte> e1, Vector256<byte> o1, Vector256<byte> e2, Vector256<byte> o2, Vector256<byte> e3, Vector256<byte> o3, sbyte* input);

    /// <summary>16 columns.</summary>
    static abstract Vector256<int> Half(Vector256<byte> e0, Vector256<byte> o0, Vector256<byte> e1, Vector256<byte> o1, sbyte* input);
}
