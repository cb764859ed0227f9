namespace Countersign.Engine.Sampling.Grammar;

/// <summary>A set of code points as ascending ranges that do not touch.</summary>
internal sealed class CharacterSet
{
    public const int Highest = 0x10FFFF;

    public static readonly CharacterSet All = Of((0, Highest));

    private CharacterSet(List<(int Low, int High)> ranges) => Ranges = ranges;

    public IReadOnlyList<(int Low, int High)> Ranges { get; }

    /// <summary>Both ends of a range are part of it.</summary>
    public static CharacterSet Of(params IEnumerable<(int Low, int High)> ranges)
    {
        var merged = new List<(int Low, int High)>();
        foreach ((int low, int high) in ranges.OrderBy(static range => range.Low))
        {
            if (merged.Count > 0 && low <= merged[^1].High + 1) merged[^1] = (merged[^1].Low, Math.Max(merged[^1].High, high));
            else merged.Add((low, high));
        }

        return new CharacterSet(merged);
    }

    public static CharacterSet Of(string characters) => Of(characters.EnumerateRunes().Select(static rune => (rune.Value, rune.Value)));

    public CharacterSet Union(CharacterSet other) => Of(Ranges.Concat(other.Ranges));

    public CharacterSet Complement()
    {
        var gaps = new List<(int, int)>();
        int next = 0;
        foreach ((int low, int high) in Ranges)
        {
            if (low > next) gaps.Add((next, low - 1));
            next = high + 1;
        }

        if (next <= Highest) gaps.Add((next, Highest));
        return new CharacterSet(gaps);
    }

    public CharacterSet Except(CharacterSet other) => Complement().Union(other).Complement();

    public bool Contains(int codePoint) => Ranges.Any(range => range.Low <= codePoint && codePoint <= range.High);
}
