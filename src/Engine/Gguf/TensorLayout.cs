namespace Countersign.Engine.Gguf;

/// <summary>Numbers per block and bytes per block of each <see cref="TensorType"/>.</summary>
internal static class TensorLayout
{
    /// <summary>False where the type number is not one that this reader knows.</summary>
    public static bool TryGet(TensorType type, out int blockLength, out int blockBytes)
    {
        (blockLength, blockBytes) = type switch
        {
            TensorType.F32 => (1, 4),
            TensorType.F16 or TensorType.BF16 => (1, 2),
            TensorType.Q4_0 or TensorType.IQ4_NL => (32, 18),
            TensorType.Q4_1 => (32, 20),
            TensorType.Q5_0 => (32, 22),
            TensorType.Q5_1 => (32, 24),
            TensorType.Q8_0 => (32, 34),
            TensorType.Q8_1 => (32, 36),
            TensorType.MXFP4 => (32, 17),
            TensorType.Q2_K => (256, 84),
            TensorType.Q3_K or TensorType.IQ3_S => (256, 110),
            TensorType.Q4_K => (256, 144),
            TensorType.Q5_K => (256, 176),
            TensorType.Q6_K => (256, 210),
            TensorType.Q8_K => (256, 292),
            TensorType.IQ2_XXS or TensorType.TQ2_0 => (256, 66),
            TensorType.IQ2_XS => (256, 74),
            TensorType.IQ3_XXS => (256, 98),
            TensorType.IQ1_S => (256, 50),
            TensorType.IQ2_S => (256, 82),
            TensorType.IQ4_XS => (256, 136),
            TensorType.IQ1_M => (256, 56),
            TensorType.TQ1_0 => (256, 54),
            TensorType.NVFP4 => (64, 36),
            TensorType.Q1_0 => (128, 18),
            TensorType.Q2_0 => (64, 18),
            TensorType.I8 => (1, 1),
            TensorType.I16 => (1, 2),
            TensorType.I32 => (1, 4),
            TensorType.I64 or TensorType.F64 => (1, 8),
            _ => (0, 0),
        };
        return blockLength > 0;
    }

    /// <summary>Bytes of one row of <paramref name="length"/> numbers; the length is a multiple of the block length.</summary>
    public static long RowBytes(TensorType type, long length)
    {
        if (!TryGet(type, out int blockLength, out int blockBytes)) throw new ArgumentOutOfRangeException(nameof(type));
        return length / blockLength * blockBytes;
    }
}
