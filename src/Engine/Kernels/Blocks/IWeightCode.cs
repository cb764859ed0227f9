using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>How the weights of a packed block lie in memory. A block is 16 rows by 32 columns; it is used in lines of 64 bytes that hold
/// four columns of all 16 rows, row after row, so that one line is multiplied with four inputs in every lane and no sum runs across lanes.
/// Line <c>n</c> holds columns <c>4n</c> to <c>4n + 3</c>; lines come in pairs, even and odd.</summary>
internal unsafe interface IWeightCode
{
    /// <summary>Bits of the largest unpacked value: 4, 5, 6 or 8. Says how many products fit into 16 bits.</summary>
    static abstract int Bits { get; }

    /// <summary>Bytes of a packed block, without its scales.</summary>
    static abstract int Bytes { get; }

    /// <summary>Packs the 32 codes of one row.</summary>
    static abstract void Store(byte* codes, byte* block, int row);

    /// <summary>Unsigned values of line <c>2 * pair</c>.</summary>
    static abstract Vector512<byte> Even512(byte* block, int pair);

    /// <summary>Unsigned values of line <c>2 * pair + 1</c>.</summary>
    static abstract Vector512<byte> Odd512(byte* block, int pair);

    /// <summary>As <see cref="Even512"/>, for the eight rows from <paramref name="row"/> on.</summary>
    static abstract Vector256<byte> Even256(byte* block, int pair, int row);

    /// <summary>As <see cref="Odd512"/>, for the eight rows from <paramref name="row"/> on.</summary>
    static abstract Vector256<byte> Odd256(byte* block, int pair, int row);
}
