using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Running;
using Countersign.Gateway.Access;
using Countersign.Gateway.Limits;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Pipeline;

/// <summary>One request on its way: who asks what, which way it goes, and what happens to it.</summary>
internal abstract record Asked(Arrival Arrival, Caller Caller, GatewaySnapshot Snapshot)
{
    /// <summary>What its <c>model</c> names.</summary>
    public abstract Plan Plan { get; }

    /// <summary>The chat API that it came by; <c>null</c> for embeddings and completions.</summary>
    public abstract WireApiKind? Api { get; }

    /// <summary>OpenTelemetry's name of what is asked.</summary>
    public virtual string Operation => Api is null ? GenAiNames.Embeddings : GenAiNames.Chat;

    public abstract bool Stream { get; }

    /// <summary>The tokens that it will use, roughly: corrected when they are known.</summary>
    public abstract long ExpectedTokens { get; }

    public RequestTrace Trace { get; } = new() { Caller = Caller.Id };

    /// <summary>The most that its first attempt can cost, and the most that all of it can.</summary>
    public abstract (Cost Least, Cost Most) Bounds { get; }

    /// <summary>Has it answered.</summary>
    public abstract IAsyncEnumerable<ChatEvent> AnswerAsync(CascadeRunner cascade, Reservation reservation, CancellationToken cancellationToken);

    /// <summary>A writer in the client's API, for an answer that does not come in it.</summary>
    public abstract AnswerWriter NewWriter();

    /// <summary>What a deployment says without a cascade, with the trace kept as a cascade keeps it.</summary>
    protected async IAsyncEnumerable<ChatEvent> Direct(IAsyncEnumerable<ChatEvent> events)
    {
        Trace.End = CascadeEnd.Cancelled;
        await foreach (var chatEvent in events)
        {
            if (chatEvent is AttemptFailed) (Trace.Winner, Trace.End) = (null, CascadeEnd.Failed);
            else if (chatEvent is WireFrames { IsLast: true }) (Trace.Winner, Trace.End) = (Trace.LastAttempt, CascadeEnd.Answered);
            yield return chatEvent;
        }
    }
}
