using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Http;

/// <summary>The time limits of one call: to the first token, between tokens (of a whole answer: between parts of its body, once it has begun to come), in all. One timer serves them; what comes in is only noted,
/// and the timer looks at the notes when it is due, so that a token costs no timer operation.</summary>
internal sealed class CallTimer : IDisposable
{
    private readonly TimeoutOptions limits;
    private readonly TimeProvider time;
    private readonly long began;
    private readonly CancellationTokenSource source = new();
    private readonly CancellationTokenRegistration caller;
    private readonly ITimer timer;
    private readonly bool isStream;
    private long lastToken;
    private volatile bool hasToken;

    /// <param name="limits">The limits.</param>
    /// <param name="isStream">Whether tokens come one by one; a whole answer may take all its time to begin.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public CallTimer(TimeoutOptions limits, bool isStream, TimeProvider time, CancellationToken cancellationToken)
    {
        (this.limits, this.isStream, this.time, began) = (limits, isStream, time, time.GetTimestamp());
        caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
        timer = time.CreateTimer(static timer => ((CallTimer)timer!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Change(Next().Left);
    }

    /// <summary>Cancelled by the caller, or when a limit has passed.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Which limit has passed; <c>null</c>: none.</summary>
    public Problem? Expired { get; private set; }

    /// <summary>Notes that a token, or a part of a whole answer, came.</summary>
    public void SeeToken()
    {
        Volatile.Write(ref lastToken, time.GetTimestamp());
        if (hasToken) return;
        hasToken = true;
        Change(Next().Left);
    }

    public void Dispose()
    {
        timer.Dispose();
        caller.Dispose();
        source.Dispose();
    }

    private void Check()
    {
        var (left, limit) = Next();
        if (left > TimeSpan.Zero)
        {
            Change(left);
            return;
        }

        Expired = ProblemOf(limit);
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended while its timer was on the way here.
        }
    }

    private void Change(TimeSpan left) => timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private (TimeSpan Left, Limit Limit) Next()
    {
        var total = limits.Total - time.GetElapsedTime(began);
        var token = hasToken ? limits.Idle - time.GetElapsedTime(Volatile.Read(ref lastToken)) : isStream ? limits.FirstToken - time.GetElapsedTime(began) : TimeSpan.MaxValue;
        return total <= token ? (total, Limit.Total) : (token, hasToken ? Limit.Idle : Limit.FirstToken);
    }

    private Problem ProblemOf(Limit limit) => limit switch
    {
        Limit.Total => Of("total_timeout", $"The answer was not complete within {Words(limits.Total)} (timeout `total`)."),
        Limit.Idle => Of("idle_timeout", $"Nothing further came within {Words(limits.Idle)} (timeout `idle`)."),
        _ => Of("first_token_timeout", $"No first token came within {Words(limits.FirstToken)} (timeout `first_token`)."),
    };

    private static Problem Of(string code, string message) => new(ProblemKind.Timeout, message, Code: code);

    private static string Words(TimeSpan time) => $"{time.TotalSeconds:0.###} s";

    private enum Limit
    {
        FirstToken,
        Idle,
        Total,
    }
}
