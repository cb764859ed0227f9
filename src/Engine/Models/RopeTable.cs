using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>Cosines and sines of the rotary embedding for the positions of one batch, computed once and used by every layer.</summary>
internal sealed unsafe class RopeTable : IDisposable
{
    private readonly RopePairing pairing;
    private readonly double[] frequencies;
    private readonly float magnitude;
    private readonly NativeBuffer table;

    public RopeTable(RopeShape shape, RopePairing pairing, float[]? factors, int maxRows)
    {
        this.pairing = pairing;
        Dimensions = shape.Dimensions;
        magnitude = shape.Magnitude;
        frequencies = new double[Dimensions / 2];
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] = Frequency(shape, i, factors is null ? 1f : factors[i]);
        table = NativeBuffer.OfFloats((long)maxRows * Dimensions);
    }

    public int Dimensions { get; }

    /// <summary>Computes the table for these positions, row by row: cosine and sine of each pair in turn, or all cosines, then all sines, as the pairing reads them.</summary>
    public void Prepare(ReadOnlySpan<int> positions)
    {
        float* row = table.Floats;
        int half = Dimensions / 2, step = pairing == RopePairing.Halves ? 1 : 2, sines = pairing == RopePairing.Halves ? half : 1;
        foreach (int position in positions)
        {
            for (int i = 0; i < half; i++)
            {
                var (sine, cosine) = Math.SinCos(position * frequencies[i]);
                row[i * step] = (float)cosine * magnitude;
                row[i * step + sines] = (float)sine * magnitude;
            }

            row += Dimensions;
        }
    }

    /// <summary>Rotates the first <see cref="Dimensions"/> numbers of a head in place.</summary>
    public void Rotate(float* head, int row)
    {
        float* angles = table.Floats + (long)row * Dimensions;
        if (pairing == RopePairing.Halves) Rotation.Halves(head, angles, Dimensions / 2);
        else Rotation.Neighbours(head, angles, Dimensions / 2);
    }

    public void Dispose() => table.Dispose();

    private static double Frequency(RopeShape shape, int index, float factor)
    {
        double frequency = Math.Pow(shape.Base, -2.0 * index / shape.Dimensions) / factor;
        double scaled = frequency * shape.FrequencyScale;
        if (!shape.Yarn) return scaled;
        double low = Math.Max(0, Math.Floor(Boundary(shape, shape.BetaFast)));
        double high = Math.Min(shape.Dimensions - 1, Math.Ceiling(Boundary(shape, shape.BetaSlow)));
        double ramp = 1 - Math.Clamp((index - low) / Math.Max(0.001, high - low), 0, 1);
        return scaled * (1 - ramp) + frequency * ramp;
    }

    /// <summary>The pair that makes <paramref name="rotations"/> turns within the original context.</summary>
    private static double Boundary(RopeShape shape, double rotations) =>
        shape.Dimensions * Math.Log(shape.OriginalContext / (rotations * 2 * Math.PI)) / (2 * Math.Log(shape.Base));
}
