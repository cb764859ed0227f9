using Countersign.Cascade.Money;
using Countersign.Cascade.Running;
using Countersign.Gateway.Access;
using Countersign.Gateway.Limits;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Completions;

namespace Countersign.Gateway.Pipeline;

/// <summary>A request to go on with texts: asked of a deployment or pool, with nothing to judge.</summary>
internal sealed record AskedCompletion(Arrival Arrival, Caller Caller, GatewaySnapshot Snapshot, CompletionRequest Request) : Asked(Arrival, Caller, Snapshot)
{
    private const int BytesPerToken = 4;

    public override Plan Plan { get; } = Snapshot.PlanFor(Request.Settings.Model, Caller) is { IsRoute: false } plan
        ? plan
        : throw ProblemException.Invalid($"'{Request.Settings.Model}' is a route, and routes answer chats. Name a deployment or pool.", "model");

    public override WireApiKind? Api => null;

    public override string Operation => GenAiNames.TextCompletion;

    public override bool Stream => Request.Settings.Stream;

    public override long ExpectedTokens => (Request.Length / BytesPerToken) + MostOutputTokens;

    /// <summary>A text never has more tokens than bytes, but for its begin token.</summary>
    public override (Cost Least, Cost Most) Bounds =>
        Snapshot.Dispatcher.PriceOf(Request.Settings.Model)?.CostOf(new Usage { InputTokens = Request.Length + Request.Prompts.Count, OutputTokens = MostOutputTokens }) is { } cost ? (cost, cost) : (Cost.Unknown, Cost.Unknown);

    private long MostOutputTokens => (long)Request.Settings.MaxOutputTokens!.Value * Request.Settings.ChoiceCount * Request.Prompts.Count;

    public override IAsyncEnumerable<ChatEvent> AnswerAsync(CascadeRunner cascade, Reservation reservation, CancellationToken cancellationToken) =>
        Direct(Snapshot.Dispatcher.CompleteAsync(Request, new AnswerStamp(Arrival.Id, Arrival.Started), Trace, cancellationToken));

    /// <summary>For an error within a stream, which has the same form as in a chat's: the answer itself comes in the client's form.</summary>
    public override AnswerWriter NewWriter() => WireApi.For(WireApiKind.OpenAiChat).NewAnswerWriter(new AnswerHead(Arrival.Id, Request.Settings.Model, Arrival.Started, Request.Settings));
}
