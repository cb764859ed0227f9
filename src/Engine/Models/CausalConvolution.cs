using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>A depthwise convolution over the last positions of each channel, with the inputs of earlier steps kept as state.</summary>
internal sealed unsafe class CausalConvolution
{
    private readonly float* weights; // (channel, tap)
    private readonly float* bias;

    public CausalConvolution(WeightLoader loader, string name, int taps, int channels)
    {
        (Taps, Channels) = (taps, channels);
        weights = loader.Vector(name + ".weight", taps * channels).Floats;
        NativeBuffer? offset = loader.OptionalVector(name + ".bias", channels);
        bias = offset is null ? null : offset.Floats;
    }

    public int Taps { get; }

    public int Channels { get; }

    /// <summary>How many numbers of state a sequence needs: (tap - 1, channel).</summary>
    public int StateLength => (Taps - 1) * Channels;

    /// <summary>Convolves one position; the state moves on by it.</summary>
    public void Step(float* state, float* input, float* output)
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            float* tap = weights + (long)channel * Taps;
            float sum = tap[Taps - 1] * input[channel];
            for (int i = 0; i < Taps - 1; i++) sum += tap[i] * state[i * Channels + channel];
            output[channel] = sum + (bias is null ? 0 : bias[channel]);
        }

        if (Taps < 2) return;
        long kept = (long)(Taps - 2) * Channels * sizeof(float), fresh = (long)Channels * sizeof(float);
        Buffer.MemoryCopy(state + Channels, state, kept, kept);
        Buffer.MemoryCopy(input, state + (Taps - 2) * Channels, fresh, fresh);
    }
}
