using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Floats;

/// <summary>A format of single numbers, 16 of which stand side by side: a column of 16 rows.</summary>
internal unsafe interface IFloatNumber
{
    /// <summary>Bytes of one number.</summary>
    static abstract int Bytes { get; }

    /// <summary>16 numbers.</summary>
    static abstract Vector512<float> Load512(byte* source);

    /// <summary>Eight numbers.</summary>
    static abstract Vector256<float> Load256(byte* source);
}
