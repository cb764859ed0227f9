namespace Countersign.Gateway.Limits;

/// <summary>What may be used per minute: a bucket that holds a minute's worth and fills steadily. It can be in debt, where a request used more than was expected. Thread-safe.</summary>
internal sealed class TokenBucket(long perMinute, TimeProvider time)
{
    private readonly Lock gate = new();
    private double level = perMinute;
    private long filled = time.GetTimestamp();

    /// <summary>Its size, which is also what it gains per minute.</summary>
    public long PerMinute => perMinute;

    /// <summary>Takes <paramref name="amount"/> where that much is there. More than the bucket ever holds is given from a full bucket, as a debt.</summary>
    /// <returns><c>null</c> where it was taken, otherwise how long to wait.</returns>
    public TimeSpan? Take(long amount)
    {
        lock (gate)
        {
            Fill();
            double missing = Math.Min(amount, perMinute) - level;
            if (missing > 0) return TimeSpan.FromMinutes(missing / perMinute);
            level -= amount;
            return null;
        }
    }

    /// <summary>Gives back what was not used; a negative amount takes what was used beyond.</summary>
    public void Give(long amount)
    {
        lock (gate)
        {
            Fill();
            level = Math.Min(perMinute, level + amount);
        }
    }

    private void Fill()
    {
        long now = time.GetTimestamp();
        level = Math.Min(perMinute, level + (time.GetElapsedTime(filled, now).TotalMinutes * perMinute));
        filled = now;
    }
}
