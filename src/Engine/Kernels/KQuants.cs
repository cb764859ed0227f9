namespace Countersign.Engine.Kernels;

/// <summary>The K-quants: super-blocks of 256 numbers whose sub-blocks have scales of 6 bits (Q4_K, Q5_K) or 8 bits (Q6_K).</summary>
internal static unsafe class KQuants
{
    private const int SuperBlock = 256;

    /// <summary>Scale and minimum (6 bits each) of sub-block <paramref name="index"/> of 8, packed into 12 bytes.</summary>
    public static (int Scale, int Minimum) ScaleAndMinimum(byte* packed, int index) => index < 4
        ? (packed[index] & 63, packed[index + 4] & 63)
        : ((packed[index + 4] & 15) | (packed[index - 4] >> 6 << 4), (packed[index + 4] >> 4) | (packed[index] >> 6 << 4));

    public static void Q4_K(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += SuperBlock, block += 144)
        {
            float scale = Dequantize.HalfAt(block), minimum = Dequantize.HalfAt(block + 2);
            for (int sub = 0; sub < 8; sub++)
            {
                var (subScale, subMinimum) = ScaleAndMinimum(block + 4, sub);
                float d = scale * subScale, m = minimum * subMinimum;
                byte* quants = block + 16 + sub / 2 * 32;
                int shift = sub % 2 * 4;
                for (int i = 0; i < 32; i++) target[start + sub * 32 + i] = d * ((quants[i] >> shift) & 15) - m;
            }
        }
    }

    public static void Q5_K(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += SuperBlock, block += 176)
        {
            float scale = Dequantize.HalfAt(block), minimum = Dequantize.HalfAt(block + 2);
            byte* high = block + 16;
            for (int sub = 0; sub < 8; sub++)
            {
                var (subScale, subMinimum) = ScaleAndMinimum(block + 4, sub);
                float d = scale * subScale, m = minimum * subMinimum;
                byte* quants = block + 48 + sub / 2 * 32;
                int shift = sub % 2 * 4;
                for (int i = 0; i < 32; i++)
                {
                    target[start + sub * 32 + i] = d * (((quants[i] >> shift) & 15) + ((high[i] >> sub) & 1) * 16) - m;
                }
            }
        }
    }

    public static void Q6_K(byte* block, float* target, int count)
    {
        for (int start = 0; start < count; start += SuperBlock, block += 210)
        {
            float scale = Dequantize.HalfAt(block + 208);
            for (int i = 0; i < SuperBlock; i++) target[start + i] = scale * (sbyte)block[192 + i / 16] * Q6Value(block, i);
        }
    }

    /// <summary>Number <paramref name="index"/> of a Q6_K super-block, -32 to 31, before scaling.</summary>
    public static int Q6Value(byte* block, int index)
    {
        int half = index / 128, within = index % 128, quarter = within / 32, lane = within % 32;
        int low = block[half * 64 + (quarter & 1) * 32 + lane] >> (quarter / 2 * 4) & 15;
        int high = block[128 + half * 32 + lane] >> (quarter * 2) & 3;
        return (low | high << 4) - 32;
    }
}
