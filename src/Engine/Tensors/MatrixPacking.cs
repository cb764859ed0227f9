using System.Runtime.Intrinsics.X86;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Kernels.Blocks;

namespace Countersign.Engine.Tensors;

/// <summary>Chooses the packed form of a matrix: by the format how weights and scales lie, by the level how they are multiplied.</summary>
internal static unsafe class MatrixPacking
{
    /// <summary>The packed matrix. Weights with scales that are no numbers stay as they are, so that the result shows it.</summary>
    public static WeightMatrix Pack(MappedMatrix matrix, KernelLevel level, LargePageMemory memory)
    {
        if (level == KernelLevel.Scalar || !IsFinite(matrix)) return matrix;
        return matrix.Type switch
        {
            TensorType.Q4_0 => Blocks<Nibbles, HalfScale>(matrix, level, memory, -8),
            TensorType.Q4_1 => Blocks<Nibbles, HalfScaleAndMinimum>(matrix, level, memory, 1),
            TensorType.Q5_0 => Blocks<FiveBits, HalfScale>(matrix, level, memory, -16),
            TensorType.Q5_1 => Blocks<FiveBits, HalfScaleAndMinimum>(matrix, level, memory, 1),
            TensorType.Q8_0 => Blocks<EightBits, HalfScale>(matrix, level, memory, -128),
            TensorType.IQ4_NL => Blocks<Iq4Codes, HalfScale>(matrix, level, memory, -128),
            TensorType.MXFP4 => Blocks<Mxfp4Codes, PowerScale>(matrix, level, memory, -12),
            TensorType.Q4_K => Blocks<Nibbles, SuperBlockScale>(matrix, level, memory, -1),
            TensorType.Q5_K => Blocks<FiveBits, SuperBlockScale>(matrix, level, memory, -1),
            TensorType.Q6_K => Blocks<SixBits, SixteenScale>(matrix, level, memory, -32),
            _ => matrix,
        };
    }

    private static WeightMatrix Blocks<TCode, TScale>(MappedMatrix matrix, KernelLevel level, LargePageMemory memory, float zero)
        where TCode : struct, IWeightCode
        where TScale : struct, IBlockScale => level switch
        {
            // Where there is no room for sums in 16 bits, vpdpbusd on half the width is faster.
            KernelLevel.Avx512 when TCode.Bits < 8 || !AvxVnni.IsSupported => new BlockMatrix<Product512<TCode, TScale>>(matrix, memory, zero),
            KernelLevel.Avx512 or KernelLevel.AvxVnni => new BlockMatrix<Product256<TCode, TScale, VnniDot>>(matrix, memory, zero),
            _ => new BlockMatrix<Product256<TCode, TScale, MaddDot256<TCode>>>(matrix, memory, zero),
        };

    private static bool IsFinite(MappedMatrix matrix)
    {
        if (matrix.Type is TensorType.F32 or TensorType.F16 or TensorType.BF16) return true;
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int block = 0; block < matrix.Columns / Activations.Block; block++)
            {
                if (!BlockParts.Read(matrix.Type, matrix.RowPointer(row), block).IsFinite) return false;
            }
        }

        return true;
    }
}
