using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels;

/// <summary>Element-wise operations over vectors of binary32. They are compiled at once (not first without optimisation), since a model's
/// first prompt counts too.</summary>
internal static unsafe class VectorMath
{
    /// <summary>target = source / sqrt(mean of squares + epsilon) * weights. Without weights: only normalised.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsNorm(float* source, float* weights, float* target, int count, float epsilon)
    {
        double squares = 0;
        int i = 0;
        Vector256<float> sum = default;
        for (; i <= count - 8; i += 8)
        {
            Vector256<float> x = Vector256.Load(source + i);
            sum = Vector256.FusedMultiplyAdd(x, x, sum);
        }

        squares = Vector256.Sum(sum);
        for (; i < count; i++) squares += (double)source[i] * source[i];
        float factor = 1f / MathF.Sqrt((float)(squares / count) + epsilon);
        if (weights is null) Scale(source, target, factor, count);
        else
        {
            Vector256<float> factors = Vector256.Create(factor);
            for (i = 0; i <= count - 8; i += 8) (Vector256.Load(source + i) * factors * Vector256.Load(weights + i)).Store(target + i);
            for (; i < count; i++) target[i] = source[i] * factor * weights[i];
        }
    }

    /// <summary>target = (source - mean) / sqrt(variance + epsilon) * weights + bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm(float* source, float* weights, float* bias, float* target, int count, float epsilon)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < count; i++) sum += source[i];
        float mean = (float)(sum / count);
        for (int i = 0; i < count; i++) squares += (double)(source[i] - mean) * (source[i] - mean);
        float factor = 1f / MathF.Sqrt((float)(squares / count) + epsilon);
        for (int i = 0; i < count; i++) target[i] = (source[i] - mean) * factor * weights[i] + (bias is null ? 0 : bias[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* source, float* target, float factor, int count)
    {
        int i = 0;
        Vector256<float> factors = Vector256.Create(factor);
        for (; i <= count - 8; i += 8) (Vector256.Load(source + i) * factors).Store(target + i);
        for (; i < count; i++) target[i] = source[i] * factor;
    }

    /// <summary>target += source * factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float* target, float* source, float factor, int count)
    {
        int i = 0;
        Vector256<float> factors = Vector256.Create(factor);
        for (; i <= count - 8; i += 8) Vector256.FusedMultiplyAdd(Vector256.Load(source + i), factors, Vector256.Load(target + i)).Store(target + i);
        for (; i < count; i++) target[i] += source[i] * factor;
    }

    public static void Add(float* target, float* source, int count) => AddScaled(target, source, 1f, count);

    /// <summary>target *= source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* target, float* source, int count)
    {
        int i = 0;
        for (; i <= count - 8; i += 8) (Vector256.Load(target + i) * Vector256.Load(source + i)).Store(target + i);
        for (; i < count; i++) target[i] *= source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* left, float* right, int count)
    {
        int i = 0;
        Vector256<float> sum = default;
        for (; i <= count - 8; i += 8) sum = Vector256.FusedMultiplyAdd(Vector256.Load(left + i), Vector256.Load(right + i), sum);
        float total = Vector256.Sum(sum);
        for (; i < count; i++) total += left[i] * right[i];
        return total;
    }

    /// <summary>Turns values into exp(value - largest) and returns their sum, with a further term in the sum where a sink is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentials(float* values, int count, float? sink)
    {
        float largest = sink ?? float.NegativeInfinity;
        int i = 0;
        if (count >= 8)
        {
            Vector256<float> most = Vector256.Load(values);
            for (i = 8; i <= count - 8; i += 8) most = Vector256.Max(most, Vector256.Load(values + i));
            Vector128<float> half = Vector128.Max(most.GetLower(), most.GetUpper());
            half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
            largest = MathF.Max(largest, MathF.Max(half[0], half[1]));
        }

        for (; i < count; i++) largest = MathF.Max(largest, values[i]);
        Vector256<float> sums = default, shift = Vector256.Create(largest);
        for (i = 0; i <= count - 8; i += 8)
        {
            Vector256<float> e = Exponential.Of(Vector256.Load(values + i) - shift);
            e.Store(values + i);
            sums += e;
        }

        float sum = Vector256.Sum(sums);
        for (; i < count; i++) sum += values[i] = MathF.Exp(values[i] - largest);
        return sink is { } extra ? sum + MathF.Exp(extra - largest) : sum;
    }

    public static float Sigmoid(float x) => 1f / (1f + MathF.Exp(-x));

    public static float Softplus(float x) => x > 20f ? x : MathF.Log(1f + MathF.Exp(x));

    public static float Silu(float x) => x * Sigmoid(x);

    /// <summary>x *= sigmoid(x), in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Silu(float* x, int count)
    {
        int i = 0;
        for (; i <= count - 8; i += 8)
        {
            Vector256<float> value = Vector256.Load(x + i);
            (value / (Vector256<float>.One + Exponential.Of(-value))).Store(x + i);
        }

        for (; i < count; i++) x[i] = Silu(x[i]);
    }

    /// <summary>GELU in its tanh form, in place: 0.5 (1 + tanh u) is the sigmoid of 2u.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gelu(float* x, int count)
    {
        const float Factor = 2f * 0.79788456080286535588f, Cubic = 0.044715f;
        int i = 0;
        for (; i <= count - 8; i += 8)
        {
            Vector256<float> value = Vector256.Load(x + i);
            Vector256<float> u = value * Factor * (Vector256<float>.One + value * value * Cubic);
            (value / (Vector256<float>.One + Exponential.Of(-u))).Store(x + i);
        }

        for (; i < count; i++) x[i] *= Sigmoid(Factor * x[i] * (1f + Cubic * x[i] * x[i]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sigmoid(float* x, int count)
    {
        int i = 0;
        for (; i <= count - 8; i += 8) (Vector256<float>.One / (Vector256<float>.One + Exponential.Of(-Vector256.Load(x + i)))).Store(x + i);
        for (; i < count; i++) x[i] = Sigmoid(x[i]);
    }
}
