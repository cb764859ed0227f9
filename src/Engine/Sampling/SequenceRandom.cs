namespace Countersign.Engine.Sampling;

/// <summary>The random numbers of one sequence, from its seed and how many were drawn: nothing else in the process can move them.
/// SplitMix64 (Steele, Lea, Flood 2014) over a scrambled seed.</summary>
internal struct SequenceRandom(ulong seed, ulong stream = 0)
{
    private ulong _state = Mix(seed + 0x632BE59BD9B4E019) ^ Mix(stream + 0xD1B54A32D192ED03);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    private ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
