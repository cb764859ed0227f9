using System.Runtime.CompilerServices;
using Countersign.Engine.Gguf;

namespace Countersign.Engine.Kernels;

/// <summary>The scalar reference of every weight format: blocks of a GGUF tensor to binary32, bit for bit what GGML gives.
/// Layouts: https://github.com/ggml-org/ggml (ggml-common.h).</summary>
internal static unsafe class Dequantize
{
    /// <summary>The 16 values of IQ4_NL, which are not evenly spaced.</summary>
    internal static ReadOnlySpan<sbyte> Iq4Values => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>The 16 values of E2M1 (MXFP4), doubled so that they are whole.</summary>
    internal static ReadOnlySpan<sbyte> Mxfp4Values => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    public static bool Supports(TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16
        or TensorType.Q8_0 or TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1
        or TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K or TensorType.IQ4_NL or TensorType.MXFP4;

    /// <summary>Writes <paramref name="count"/> numbers (whole blocks) from <paramref name="source"/>.</summary>
    public static void Row(TensorType type, byte* source, float* target, int count)
    {
        switch (type)
        {
            case TensorType.F32: Buffer.MemoryCopy(source, target, count * 4L, count * 4L); break;
            case TensorType.F16: for (int i = 0; i < count; i++) target[i] = HalfAt(source + 2 * i); break;
            case TensorType.BF16: for (int i = 0; i < count; i++) target[i] = BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(source + 2 * i) << 16); break;
            case TensorType.Q8_0: Q8_0(source, target, count); break;
            case TensorType.Q4_0: Q4_0(source, target, count); break;
            case TensorType.Q4_1: Q4_1(source, target, count); break;
            case TensorType.Q5_0: Q5_0(source, target, count); break;
            case TensorType.Q5_1: Q5_1(source, target, count); break;
            case TensorType.IQ4_NL: Iq4Nl(source, target, count); break;
            case TensorType.MXFP4: Mxfp4(source, target, count); break;
            case TensorType.Q4_K: KQuants.Q4_K(source, target, count); break;
            case TensorType.Q5_K: KQuants.Q5_K(source, target, count); break;
            case TensorType.Q6_K: KQuants.Q6_K(source, target, count); break;
            default: throw new NotSupportedException($"Tensors of type {type} cannot be computed with.");
        }
    }

    internal static float HalfAt(byte* source) => (float)BitConverter.UInt16BitsToHalf(Unsafe.ReadUnaligned<ushort>(source));

    /// <summary>Half of the power of two that an E8M0 byte stands for (the tables hold doubled values).</summary>
    internal static float HalfOfE8M0(byte exponent) =>
        BitConverter.UInt32BitsToSingle(exponent < 2 ? 0x00200000u << exponent : (uint)(exponent - 1) << 23);

    private static void Q8_0(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += 32, block += 34)
        {
            float scale = HalfAt(block);
            for (int i = 0; i < 32; i++) target[start + i] = (sbyte)block[2 + i] * scale;
        }
    }

    private static void Q4_0(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += 32, block += 18)
        {
            float scale = HalfAt(block);
            for (int i = 0; i < 16; i++)
            {
                target[start + i] = ((block[2 + i] & 15) - 8) * scale;
                target[start + i + 16] = ((block[2 + i] >> 4) - 8) * scale;
            }
        }
    }

    private static void Q4_1(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += 32, block += 20)
        {
            float scale = HalfAt(block), minimum = HalfAt(block + 2);
            for (int i = 0; i < 16; i++)
            {
                target[start + i] = (block[4 + i] & 15) * scale + minimum;
                target[start + i + 16] = (block[4 + i] >> 4) * scale + minimum;
            }
        }
    }

    private static void Q5_0(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += 32, block += 22)
        {
            float scale = HalfAt(block);
            uint high = Unsafe.ReadUnaligned<uint>(block + 2);
            for (int i = 0; i < 16; i++)
            {
                target[start + i] = (((block[6 + i] & 15) | (int)((high >> i) & 1) << 4) - 16) * scale;
                target[start + i + 16] = (((block[6 + i] >> 4) | (int)((high >> (i + 16)) & 1) << 4) - 16) * scale;
            }
        }
    }

    private static void Q5_1(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += 32, block += 24)
        {
            float scale = HalfAt(block), minimum = HalfAt(block + 2);
            uint high = Unsafe.ReadUnaligned<uint>(block + 4);
            for (int i = 0; i < 16; i++)
            {
                target[start + i] = ((block[8 + i] & 15) | (int)((high >> i) & 1) << 4) * scale + minimum;
                target[start + i + 16] = ((block[8 + i] >> 4) | (int)((high >> (i + 16)) & 1) << 4) * scale + minimum;
            }
        }
    }

    private static void Iq4Nl(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += 32, block += 18)
        {
            float scale = HalfAt(block);
            for (int i = 0; i < 16; i++)
            {
                target[start + i] = scale * Iq4Values[block[2 + i] & 15];
                target[start + i + 16] = scale * Iq4Values[block[2 + i] >> 4];
            }
        }
    }

    private static void Mxfp4(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += 32, block += 17)
        {
            float scale = HalfOfE8M0(block[0]);
            for (int i = 0; i < 16; i++)
            {
                target[start + i] = Mxfp4Values[block[1 + i] & 15] * scale;
                target[start + i + 16] = Mxfp4Values[block[1 + i] >> 4] * scale;
            }
        }
    }
}
