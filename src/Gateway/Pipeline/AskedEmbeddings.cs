using Countersign.Cascade.Money;
using Countersign.Cascade.Running;
using Countersign.Gateway.Access;
using Countersign.Gateway.Limits;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Embeddings;

namespace Countersign.Gateway.Pipeline;

/// <summary>A request for embeddings: asked of a deployment or pool, with nothing to judge.</summary>
internal sealed record AskedEmbeddings(Arrival Arrival, Caller Caller, GatewaySnapshot Snapshot, EmbeddingRequest Request) : Asked(Arrival, Caller, Snapshot)
{
    private const int BytesPerToken = 4;

    public override Plan Plan { get; } = Snapshot.PlanFor(Request.Model, Caller) is { IsRoute: false } plan
        ? plan
        : throw ProblemException.Invalid($"'{Request.Model}' is a route, and routes answer chats. Name a deployment or pool that embeds.", "model");

    public override WireApiKind? Api => null;

    public override bool Stream => false;

    public override long ExpectedTokens => Request.Body.Length / BytesPerToken;

    /// <summary>A text never has more tokens than bytes; embeddings have no output tokens.</summary>
    public override (Cost Least, Cost Most) Bounds => Snapshot.Dispatcher.PriceOf(Request.Model)?.CostOf(new Usage { InputTokens = Request.Body.Length, OutputTokens = 0 }) is { } cost ? (cost, cost) : (Cost.Unknown, Cost.Unknown);

    public override IAsyncEnumerable<ChatEvent> AnswerAsync(CascadeRunner cascade, Reservation reservation, CancellationToken cancellationToken) =>
        Direct(Snapshot.Dispatcher.EmbedAsync(Request, Trace, cancellationToken));

    public override AnswerWriter NewWriter() => throw new InvalidOperationException("Embeddings come as a whole body in the client's form.");
}
