using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;

namespace Countersign.Gateway.Batches;

/// <summary>How far a batch is.</summary>
/// <param name="Total">The requests of the input.</param>
/// <param name="Earlier">Those that earlier runs answered.</param>
internal sealed record BatchTally(int Total, int Earlier)
{
    /// <summary>Answered by this run.</summary>
    public int Answered { get; init; }

    /// <summary>Of these, passed by every validator.</summary>
    public int Accepted { get; init; }

    /// <summary>Without an answer.</summary>
    public int Failed { get; init; }

    /// <summary>What this run cost, failures included.</summary>
    public Cost Cost { get; init; } = Cost.Zero;

    /// <summary>Asked by this run, and over.</summary>
    public int Ended => Answered + Failed;

    /// <summary>Not yet over.</summary>
    public int Left => Total - Earlier - Ended;

    /// <summary>With one more request that is over.</summary>
    public BatchTally With(RequestTrace trace, bool isAnswered) => this with
    {
        Answered = Answered + (isAnswered ? 1 : 0),
        Accepted = Accepted + (isAnswered && trace.Accepted ? 1 : 0),
        Failed = Failed + (isAnswered ? 0 : 1),
        Cost = Cost + trace.TotalCost,
    };
}
