using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>Runs requests through their routes. One for a process; thread-safe.</summary>
public sealed class CascadeRunner(TimeProvider time)
{
    private readonly SessionLatch latch = new(time);

    /// <summary>Answers a request. The events are those of the winner, and of nothing else; the last is an <see cref="AttemptFailed"/> where there is none.
    /// <list type="bullet">
    /// <item>A stage that nothing judges (a route without validators, a <see cref="Routes.Stage.Trusted"/> stage) is passed on as it comes; where a trusted stage fails before its first token, the cascade goes on.</item>
    /// <item>A judged stage is kept back until its verdict: nothing comes out meanwhile, then the winner's events in order.</item>
    /// </list>
    /// <paramref name="trace"/> has <see cref="RequestTrace.Winner"/>, <see cref="RequestTrace.Accepted"/> and <see cref="RequestTrace.End"/> before the first event
    /// of a judged winner, and <see cref="RequestTrace.End"/> before the last <see cref="WireFrames"/> or the end of the events.</summary>
    /// <exception cref="OperationCanceledException">The caller left; every attempt made is closed in <paramref name="trace"/>.</exception>
    public IAsyncEnumerable<ChatEvent> RunAsync(CascadeRequest request, RequestTrace trace, IAttempter attempter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(attempter);
        return new CascadeRun(request, trace, attempter, latch, time).RunAsync(cancellationToken);
    }
}
