using System.Runtime.CompilerServices;
using Countersign.Engine.Gguf;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>32 weights of a row taken apart: their unsigned codes and what scales them.</summary>
internal unsafe struct BlockParts
{
    /// <summary>Codes as the format numbers them; Q8_0 is 128 higher.</summary>
    public fixed byte Codes[32];

    /// <summary>Bits of the binary16 scale of the block or super-block.</summary>
    public ushort Scale;

    /// <summary>Bits of the binary16 minimum of the block or super-block.</summary>
    public ushort Minimum;

    /// <summary>The scale within a super-block (Q6_K: of the first 16 columns), or the exponent.</summary>
    public byte First;

    /// <summary>The minimum within a super-block, or Q6_K's scale of the other 16 columns.</summary>
    public byte Second;

    /// <summary>Whether the scales are numbers.</summary>
    public readonly bool IsFinite => Half.IsFinite(BitConverter.UInt16BitsToHalf(Scale)) && Half.IsFinite(BitConverter.UInt16BitsToHalf(Minimum));

    /// <summary>Takes block <paramref name="index"/> of 32 numbers of a row apart.</summary>
    public static BlockParts Read(TensorType type, byte* row, int index)
    {
        var parts = default(BlockParts);
        TensorLayout.TryGet(type, out int length, out int bytes);
        byte* block = row + (long)(index * 32 / length) * bytes;
        int sub = index * 32 % length / 32;
        switch (type)
        {
            case TensorType.Q8_0:
                parts.Scale = Word(block);
                for (int i = 0; i < 32; i++) parts.Codes[i] = (byte)(block[2 + i] + 128);
                break;
            case TensorType.Q4_0 or TensorType.IQ4_NL:
                parts.Scale = Word(block);
                parts.Nibbles(block + 2);
                break;
            case TensorType.Q4_1:
                (parts.Scale, parts.Minimum) = (Word(block), Word(block + 2));
                parts.Nibbles(block + 4);
                break;
            case TensorType.Q5_0:
                parts.Scale = Word(block);
                parts.Nibbles(block + 6);
                parts.Fifth(Unsafe.ReadUnaligned<uint>(block + 2));
                break;
            case TensorType.Q5_1:
                (parts.Scale, parts.Minimum) = (Word(block), Word(block + 2));
                parts.Nibbles(block + 8);
                parts.Fifth(Unsafe.ReadUnaligned<uint>(block + 4));
                break;
            case TensorType.MXFP4:
                parts.First = block[0];
                parts.Nibbles(block + 1);
                break;
            case TensorType.Q4_K or TensorType.Q5_K:
                parts.Super(block, sub, five: type == TensorType.Q5_K);
                break;
            case TensorType.Q6_K:
                parts.Scale = Word(block + 208);
                (parts.First, parts.Second) = (block[192 + 2 * sub], block[193 + 2 * sub]);
                for (int i = 0; i < 32; i++) parts.Codes[i] = (byte)(KQuants.Q6Value(block, sub * 32 + i) + 32);
                break;
            default: throw new NotSupportedException($"{type} is not packed in blocks.");
        }

        return parts;
    }

    private static ushort Word(byte* source) => Unsafe.ReadUnaligned<ushort>(source);

    private void Nibbles(byte* source)
    {
        for (int i = 0; i < 16; i++) (Codes[i], Codes[i + 16]) = ((byte)(source[i] & 15), (byte)(source[i] >> 4));
    }

    private void Fifth(uint bits)
    {
        for (int i = 0; i < 32; i++) Codes[i] |= (byte)((bits >> i & 1) << 4);
    }

    private void Super(byte* block, int sub, bool five)
    {
        (Scale, Minimum) = (Word(block), Word(block + 2));
        var (scale, minimum) = KQuants.ScaleAndMinimum(block + 4, sub);
        (First, Second) = ((byte)scale, (byte)minimum);
        byte* high = block + 16, quants = (five ? block + 48 : high) + sub / 2 * 32;
        for (int i = 0; i < 32; i++) Codes[i] = (byte)((quants[i] >> (sub % 2 * 4) & 15) | (five ? (high[i] >> sub & 1) << 4 : 0));
    }
}
