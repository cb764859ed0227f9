using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Pipeline;

/// <summary>The answer on its way to one client. Takes the winner's events; holds back what ends the answer until the ledger has committed.</summary>
internal abstract class ClientAnswer : IDisposable
{
    /// <summary>Whether the response's head has been sent, so that its status can no longer change.</summary>
    public abstract bool HasStarted { get; }

    /// <summary>Takes the next event; sends nothing yet.</summary>
    public abstract void Take(ChatEvent chatEvent);

    /// <summary>Sends what was taken and may go out before the end.</summary>
    public abstract ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Shows a waiting client that it is not forgotten.</summary>
    public abstract ValueTask KeepAliveAsync(CancellationToken cancellationToken);

    /// <summary>The answer is whole, and the ledger is about to commit: what must not be lost is made durable now. Does not throw, as the answer must be billed.</summary>
    public virtual ValueTask SealAsync() => ValueTask.CompletedTask;

    /// <summary>Sends the rest. The ledger has committed.</summary>
    public abstract ValueTask EndAsync(CancellationToken cancellationToken);

    /// <summary>Sends an error in place of the rest. The ledger has committed.</summary>
    public abstract ValueTask FailAsync(Problem problem, CancellationToken cancellationToken);

    public abstract void Dispose();
}
