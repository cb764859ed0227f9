using System.Text;

namespace Countersign.Load.Bench;

/// <summary>What came of a run's requests. Not thread-safe: each thread has its own, merged at the end.</summary>
internal sealed class Tally
{
    private readonly List<double> milliseconds = [];

    public int Right => milliseconds.Count;

    public int Wrong { get; private set; }

    /// <summary>The first answer that was not right, or error.</summary>
    public string? FirstFault { get; private set; }

    public void Add(bool isRight, TimeSpan took, HttpReader answer)
    {
        if (isRight) milliseconds.Add(took.TotalMilliseconds);
        else Fail($"{answer.Status}: {Encoding.UTF8.GetString(answer.Body[..Math.Min(answer.Body.Length, 300)])}");
    }

    public void Fail(string fault)
    {
        Wrong++;
        FirstFault ??= fault;
    }

    public void Merge(Tally other)
    {
        milliseconds.AddRange(other.milliseconds);
        Wrong += other.Wrong;
        FirstFault ??= other.FirstFault;
    }

    /// <summary>The time that this share of right answers took at most, in milliseconds.</summary>
    public double Percentile(double share)
    {
        if (milliseconds.Count == 0) return double.NaN;
        milliseconds.Sort();
        return milliseconds[Math.Clamp((int)Math.Ceiling(share * milliseconds.Count) - 1, 0, milliseconds.Count - 1)];
    }
}
