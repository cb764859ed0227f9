namespace Countersign.Engine.Kernels;

/// <summary>The dot product of the reference path.</summary>
internal static unsafe class ScalarDot
{
    /// <summary>Eight running sums: short dependency chains, and rounding errors that grow slowly.</summary>
    public static float Dot(float* left, float* right, int count)
    {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        int i = 0;
        for (; i <= count - 8; i += 8)
        {
            s0 += left[i] * right[i];
            s1 += left[i + 1] * right[i + 1];
            s2 += left[i + 2] * right[i + 2];
            s3 += left[i + 3] * right[i + 3];
            s4 += left[i + 4] * right[i + 4];
            s5 += left[i + 5] * right[i + 5];
            s6 += left[i + 6] * right[i + 6];
            s7 += left[i + 7] * right[i + 7];
        }

        float sum = (s0 + s1) + (s2 + s3) + ((s4 + s5) + (s6 + s7));
        for (; i < count; i++) sum += left[i] * right[i];
        return sum;
    }
}
