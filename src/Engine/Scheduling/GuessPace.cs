namespace Countersign.Engine.Scheduling;

/// <summary>How long the next guess is: guesses grow while they hold, shrink to what held, and pause after several failed in full.</summary>
/// <param name="least">Fewest tokens of a guess.</param>
/// <param name="most">Most tokens of a guess.</param>
/// <param name="patience">How many guesses in a row may fail without a pause.</param>
internal sealed class GuessPace(int least, int most, int patience)
{
    /// <summary>Guesses of a draft model are often wrong once and right the next time.</summary>
    public const int PatienceWithDrafts = 3;

    private const int LongestPause = 32; // Steps.

    private int length = Math.Clamp(2, least, most);
    private int failures;
    private int pause;

    /// <summary>Tokens of a guess in this step; 0 is none.</summary>
    /// <param name="room">How many tokens may still come.</param>
    public int Next(int room)
    {
        if (pause > 0)
        {
            pause--;
            return 0;
        }

        return room < Math.Max(least, 1) ? 0 : Math.Min(length, room);
    }

    /// <summary>Learns how much of a guess held.</summary>
    public void Learn(int guessed, int held)
    {
        length = Math.Clamp(held == guessed ? length * 2 : held, Math.Max(least, 1), most);
        failures = held > 0 ? 0 : failures + 1;
        pause = failures > patience ? Math.Min(LongestPause, 1 << Math.Min(failures - patience, 10)) : 0;
    }
}
