using Countersign.Engine.Kernels;

namespace Countersign.Engine.Models;

/// <summary>The non-linear function of a feed-forward network.</summary>
internal sealed unsafe class Activation(ActivationKind kind, float alphaPositive = 0, float alphaNegative = 0, float beta = 0, float epsilon = 0)
{
    private const float ClampedAlpha = 1.702f;
    private const float ClampedLimit = 7f;

    /// <summary>values = f(values).</summary>
    public void Plain(float* values, int count)
    {
        switch (kind)
        {
            case ActivationKind.Silu: VectorMath.Silu(values, count); break;
            case ActivationKind.Gelu: VectorMath.Gelu(values, count); break;
            case ActivationKind.ReluSquared: for (int i = 0; i < count; i++) values[i] = values[i] > 0 ? values[i] * values[i] : 0; break;
            case ActivationKind.Xielu: for (int i = 0; i < count; i++) values[i] = Xielu(values[i]); break;
            default: throw new NotSupportedException($"{kind} needs a gate.");
        }
    }

    /// <summary>target = f(gate) * up; target may be the same as up. The gate is overwritten.</summary>
    public void Gated(float* gate, float* up, float* target, int count)
    {
        if (kind == ActivationKind.ClampedSwiglu)
        {
            for (int i = 0; i < count; i++)
            {
                float x = MathF.Min(gate[i], ClampedLimit), y = Math.Clamp(up[i], -ClampedLimit, ClampedLimit);
                target[i] = x * VectorMath.Sigmoid(ClampedAlpha * x) * (y + 1f);
            }

            return;
        }

        Plain(gate, count);
        if (target == up) VectorMath.Multiply(up, gate, count);
        else
        {
            if (target != gate) Buffer.MemoryCopy(gate, target, count * 4L, count * 4L);
            VectorMath.Multiply(target, up, count);
        }
    }

    /// <summary>https://arxiv.org/abs/2411.13010, with the parameters already made positive.</summary>
    private float Xielu(float x) => x > 0
        ? alphaPositive * x * x + beta * x
        : (float.ExpM1(MathF.Min(x, epsilon)) - x) * alphaNegative + beta * x;
}
