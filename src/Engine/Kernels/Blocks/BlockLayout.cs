namespace Countersign.Engine.Kernels.Blocks;

/// <summary>Where a block lies in a group of 16 rows: headers stand before every eighth block, so that everything is read in one line.</summary>
internal static unsafe class BlockLayout<TCode, TScale>
    where TCode : struct, IWeightCode
    where TScale : struct, IBlockScale
{
    public const int BlocksPerHeader = 8;

    public static int BlockBytes => TCode.Bytes + TScale.Bytes;

    public static long GroupBytes(int blocks) => (long)blocks * BlockBytes + (blocks + BlocksPerHeader - 1) / BlocksPerHeader * TScale.HeaderBytes;

    public static void Store(in BlockParts parts, byte* group, int block, int row)
    {
        byte* header = group + block / BlocksPerHeader * ((long)BlocksPerHeader * BlockBytes + TScale.HeaderBytes);
        byte* at = header + TScale.HeaderBytes + block % BlocksPerHeader * BlockBytes;
        fixed (byte* codes = parts.Codes) TCode.Store(codes, at, row);
        TScale.Store(parts, header, at + TCode.Bytes, row);
    }
}
