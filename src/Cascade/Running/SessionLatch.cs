using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;

namespace Countersign.Cascade.Running;

/// <summary>Remembers which sessions were escalated again and again, so that they go straight to the strongest stage for a while.
/// Holds the <paramref name="capacity"/> sessions used last; thread-safe.</summary>
internal sealed class SessionLatch(TimeProvider time, int capacity = 65_536)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Session>> sessions = [];
    private readonly LinkedList<Session> byUse = [];

    /// <summary>Whether the request's session is latched now.</summary>
    public bool Holds(CascadeRequest request)
    {
        if (KeyOf(request) is not { } key || request.Route.Latch is not { } policy) return false;
        lock (gate)
        {
            return sessions.TryGetValue(key, out var node) && node.Value.Until > time.GetUtcNow() && node.Value.Escalations >= policy.AfterEscalations;
        }
    }

    /// <summary>Notes how a finished request of a session went. A latched one only keeps the latch.</summary>
    public void Note(CascadeRequest request, RequestTrace trace)
    {
        if (KeyOf(request) is not { } key || request.Route.Latch is not { } policy) return;
        bool escalated = trace.Attempts.Any(attempt => attempt.Purpose is AttemptPurpose.Escalation);
        lock (gate)
        {
            var session = Use(key);
            if (!trace.Latched) session.Escalations = escalated ? session.Escalations + 1 : 0;
            session.Until = time.GetUtcNow() + policy.For;
        }
    }

    private Session Use(string key)
    {
        if (sessions.TryGetValue(key, out var node))
        {
            byUse.Remove(node);
            if (node.Value.Until <= time.GetUtcNow()) node.Value.Escalations = 0;
        }
        else
        {
            if (sessions.Count >= capacity) Forget(byUse.First!);
            sessions[key] = node = new LinkedListNode<Session>(new Session(key));
        }

        byUse.AddLast(node);
        return node.Value;
    }

    private void Forget(LinkedListNode<Session> oldest)
    {
        sessions.Remove(oldest.Value.Key);
        byUse.Remove(oldest);
    }

    private static string? KeyOf(CascadeRequest request) => request.Session is { } session ? $"{request.Route.Name}\n{session}" : null;

    private sealed class Session(string key)
    {
        public string Key { get; } = key;

        public int Escalations { get; set; }

        public DateTimeOffset Until { get; set; }
    }
}
