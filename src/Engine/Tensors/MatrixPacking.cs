using Countersign.Engine.Kernels;

namespace Countersign.Engine.Tensors;

/// <summary>Chooses the packed form of a matrix.</summary>
internal static class MatrixPacking
{
    public static WeightMatrix Pack(MappedMatrix matrix, KernelLevel level) => matrix;
}
