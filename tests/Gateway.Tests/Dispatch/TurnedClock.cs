namespace Countersign.Gateway.Tests.Dispatch;

/// <summary>A clock that stands still until it is turned. Timers are due when it is turned past them; a delay moves it on by itself where <see cref="RunsThroughDelays"/>.
/// A delay is a timer that is made with its time; one that is made first and set afterwards is a limit.</summary>
internal sealed class TurnedClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<TurnedTimer> timers = [];
    private DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a delay is over at once and takes the clock to its time.</summary>
    public bool RunsThroughDelays { get; set; }

    /// <summary>The delays, in order.</summary>
    public List<TimeSpan> Delays { get; } = [];

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Turn(TimeSpan by)
    {
        List<TurnedTimer> due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(timer => timer.Due <= now)];
            timers.RemoveAll(due.Contains);
        }

        foreach (var timer in due) timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TurnedTimer(this, callback, state);
        timer.Change(dueTime, period);
        if (dueTime == Timeout.InfiniteTimeSpan) return timer;
        lock (gate) Delays.Add(dueTime);
        if (RunsThroughDelays) ThreadPool.QueueUserWorkItem(_ => Turn(dueTime));
        return timer;
    }

    private void Set(TurnedTimer timer, TimeSpan dueTime)
    {
        lock (gate)
        {
            timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan) return;
            timer.Due = now + dueTime;
            timers.Add(timer);
        }
    }

    private void Remove(TurnedTimer timer)
    {
        lock (gate) timers.Remove(timer);
    }

    private sealed class TurnedTimer(TurnedClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
