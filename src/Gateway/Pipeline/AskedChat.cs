using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Running;
using Countersign.Gateway.Access;
using Countersign.Gateway.Limits;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Pipeline;

/// <summary>A request for an answer.</summary>
/// <param name="Wire">The request as it came.</param>
/// <param name="Session">The caller's name of the session that it belongs to, if any; else its <c>prompt_cache_key</c> counts, and else how the conversation begins.</param>
internal sealed record AskedChat(Arrival Arrival, Caller Caller, GatewaySnapshot Snapshot, WireRequest Wire, string? Session) : Asked(Arrival, Caller, Snapshot)
{
    private const int BytesPerToken = 4;

    public override Plan Plan { get; } = PlanOf(Wire, Snapshot, Caller);

    public override WireApiKind? Api => Wire.Api;

    public override bool Stream => Wire.Stream;

    public override long ExpectedTokens => (Wire.Body.Length / BytesPerToken) + (Wire.MaxOutputTokens ?? 0);

    public override (Cost Least, Cost Most) Bounds => (UpperEstimate.OfAttempt(FirstDraft, Snapshot.Dispatcher), UpperEstimate.OfRoute(Plan.Route, Wire.Parsed, Snapshot.Dispatcher));

    public override IAsyncEnumerable<ChatEvent> AnswerAsync(CascadeRunner cascade, Reservation reservation, CancellationToken cancellationToken)
    {
        var request = new CascadeRequest { Route = Plan.Route, Wire = Wire, Session = ScopedSession, MaxUsd = reservation.Usd };
        return cascade.RunAsync(request, Trace, Snapshot.Dispatcher, cancellationToken);
    }

    public override AnswerWriter NewWriter() => WireApi.For(Wire.Api).NewAnswerWriter(new AnswerHead(Arrival.Id, Wire.Model, Arrival.Started, () => Wire.Parsed));

    private static Plan PlanOf(WireRequest wire, GatewaySnapshot snapshot, Caller caller)
    {
        var plan = snapshot.PlanFor(wire.Model, caller);
        if (!plan.MayForward(wire.Api)) _ = wire.Parsed; // What cannot be read is refused before anything is reserved, asked or written down.
        return plan;
    }

    /// <summary>A session is its caller's own: two callers who name theirs alike share nothing.</summary>
    private string? ScopedSession => Plan.Route.Latch is null ? null : $"{Caller.Id}/{Session ?? Wire.PromptCacheKey ?? ConversationPrefix.Of(Wire.Parsed)}";

    private AttemptRequest FirstDraft => new()
    {
        Request = Plan.Route.Draft.MaxOutputTokens is { } cap ? Wire.Parsed with { MaxOutputTokens = Math.Min(cap, Wire.MaxOutputTokens ?? cap) } : Wire.Parsed,
        Targets = [Plan.Route.Draft.Deployments[0], .. Plan.Route.Draft.Fallback],
        Purpose = AttemptPurpose.Draft,
    };
}
