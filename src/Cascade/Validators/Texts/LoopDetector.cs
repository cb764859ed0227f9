namespace Countersign.Cascade.Validators.Texts;

/// <summary>Finds loops in a text that comes in pieces: for every period up to <see cref="MaxPeriod"/> it counts how many characters in a row equal those one period before.
/// White space, punctuation and drawn lines alone (rulers, tables) are no loop; emoji are.</summary>
internal sealed class LoopDetector(int times, int span) : ITextWatch
{
    /// <summary>The longest piece whose repetition is seen, in characters.</summary>
    public const int MaxPeriod = 256;

    private readonly char[] last = new char[MaxPeriod];
    private readonly int[] runs = new int[MaxPeriod + 1];
    private int count, sinceLetter = int.MaxValue / 2;

    public Finding? See(string text)
    {
        foreach (char c in text)
        {
            if (Add(c) is { } period) return new Finding($"The answer repeats itself without end: \"{Piece(period)}\".");
        }

        return null;
    }

    private int? Add(char c)
    {
        int? found = null;
        sinceLetter = Says(c) ? 0 : sinceLetter + 1;
        for (int period = 1; period <= Math.Min(MaxPeriod, count); period++)
        {
            if (last[(count - period) % MaxPeriod] != c)
            {
                runs[period] = 0;
                continue;
            }

            int length = ++runs[period] + period;
            if (length >= span && length >= times * period && sinceLetter < period) found ??= period;
        }

        last[count++ % MaxPeriod] = c;
        return found;
    }

    // Emoji are written in surrogate pairs, or stand among the symbols and dingbats.
    private static bool Says(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c is >= '\u2600' and <= '\u27BF';

    private string Piece(int period) => string.Concat(Enumerable.Range(count - period, period).Select(index => last[index % MaxPeriod])).Trim();
}
