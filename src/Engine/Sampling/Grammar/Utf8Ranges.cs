using System.Text;

namespace Countersign.Engine.Sampling.Grammar;

/// <summary>Ranges of code points as sequences of byte ranges: every code point's UTF-8 is matched by exactly one sequence, and nothing else is.</summary>
internal static class Utf8Ranges
{
    private static readonly (int Low, int High)[] s_lengths = [(0, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF)];

    /// <summary>Surrogates have no UTF-8 and are left out.</summary>
    public static List<(byte Low, byte High)[]> Of(CharacterSet set)
    {
        var sequences = new List<(byte, byte)[]>();
        foreach ((int low, int high) in set.Ranges)
        {
            foreach ((int first, int last) in s_lengths)
            {
                if (Math.Max(low, first) <= Math.Min(high, last)) Add(Math.Max(low, first), Math.Min(high, last), sequences);
            }
        }

        return sequences;
    }

    // A range is one sequence where all continuation bytes below the first that differs run from 80 to BF; else it is cut there.
    private static void Add(int low, int high, List<(byte, byte)[]> sequences)
    {
        for (int bits = 6; bits <= 18 && low > 0x7F; bits += 6)
        {
            int tail = (1 << bits) - 1;
            if ((low & ~tail) == (high & ~tail)) break;
            int cut = (low & tail) != 0 ? low | tail : (high & tail) != tail ? (high & ~tail) - 1 : -1;
            if (cut < 0) continue;
            Add(low, cut, sequences);
            Add(cut + 1, high, sequences);
            return;
        }

        Span<byte> from = stackalloc byte[4], to = stackalloc byte[4];
        int length = new Rune(low).EncodeToUtf8(from);
        new Rune(high).EncodeToUtf8(to);
        var sequence = new (byte, byte)[length];
        for (int i = 0; i < length; i++) sequence[i] = (from[i], to[i]);
        sequences.Add(sequence);
    }
}
