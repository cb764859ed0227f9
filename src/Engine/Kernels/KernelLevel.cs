using System.Runtime.Intrinsics.X86;

namespace Countersign.Engine.Kernels;

/// <summary>Which instructions the matrix kernels use. Each level can be forced with <c>COUNTERSIGN_KERNELS</c>.</summary>
internal enum KernelLevel
{
    /// <summary>Plain loops over dequantised weights and binary32 activations: the reference.</summary>
    Scalar,

    /// <summary>AVX2 and FMA over repacked weights.</summary>
    Avx2,

    /// <summary>As AVX2, with the 8-bit dot product of AVX-VNNI.</summary>
    AvxVnni,

    /// <summary>512-bit vectors with 16-bit accumulation (AVX-512BW).</summary>
    Avx512,
}

/// <summary>Chooses the kernel level of this machine.</summary>
internal static class KernelChoice
{
    /// <summary>The environment variable that forces a level: <c>scalar</c>, <c>avx2</c>, <c>avxvnni</c> or <c>avx512</c>.</summary>
    public const string Variable = "COUNTERSIGN_KERNELS";

    public static bool IsSupported(KernelLevel level) => level switch
    {
        KernelLevel.Scalar => true,
        KernelLevel.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        KernelLevel.AvxVnni => Avx2.IsSupported && Fma.IsSupported && AvxVnni.IsSupported,
        KernelLevel.Avx512 => Avx2.IsSupported && Fma.IsSupported && Avx512BW.IsSupported,
        _ => false,
    };

    /// <summary>The forced level, or the best that the machine has.</summary>
    /// <exception cref="InvalidOperationException">The variable names a level that does not exist or that the machine lacks.</exception>
    public static KernelLevel FromEnvironment() => Choose(Environment.GetEnvironmentVariable(Variable));

    internal static KernelLevel Choose(string? forced)
    {
        if (string.IsNullOrEmpty(forced))
        {
            return IsSupported(KernelLevel.Avx512) ? KernelLevel.Avx512
                : IsSupported(KernelLevel.AvxVnni) ? KernelLevel.AvxVnni
                : IsSupported(KernelLevel.Avx2) ? KernelLevel.Avx2
                : KernelLevel.Scalar;
        }

        KernelLevel level = forced switch
        {
            "scalar" => KernelLevel.Scalar,
            "avx2" => KernelLevel.Avx2,
            "avxvnni" => KernelLevel.AvxVnni,
            "avx512" => KernelLevel.Avx512,
            _ => throw new InvalidOperationException($"{Variable} is '{forced}'; it can be scalar, avx2, avxvnni or avx512."),
        };
        return IsSupported(level) ? level : throw new InvalidOperationException($"{Variable} asks for '{forced}', which this machine does not have.");
    }
}
