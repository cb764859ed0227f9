using Countersign.Cascade.Routes;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>The way that requests of a name go.</summary>
internal static class RouteSection
{
    private static readonly ObjectShape<RepairPolicy> Repair = new ObjectShape<RepairPolicy>("How a rejected draft is repaired: the drafter is shown what is wrong.", _ => new RepairPolicy())
        .Optional("attempts", "How often, per stage; a stage with 'agree' is not repaired.", Scalars.Integer(0, 16), o => o.Attempts, (o, attempts) => o with { Attempts = attempts })
        .Optional("per_request", "The most US dollars that a request's repairs may cost.", Scalars.Usd, (o, usd) => o with { MaxUsd = usd })
        .Optional("deployment", "Who repairs; who drafted where it is left out.", Scalars.Text, (o, deployment) => o with { Deployment = deployment })
        .Optional("thinking", "The thinking asked for; one level above the stage's, 'high' at most, where it is left out.", Scalars.Thinking, (o, thinking) => o with { Thinking = thinking });

    private static readonly ObjectShape<LatchPolicy> Latch = new ObjectShape<LatchPolicy>("When a session goes straight to the strongest stage.", _ => new LatchPolicy(3, TimeSpan.FromHours(1)))
        .Optional("after", "So many consecutive requests of the session were escalated.", Scalars.Integer(1, 1000), o => o.AfterEscalations, (o, after) => o with { AfterEscalations = after })
        .Optional("for", "How long that holds after the session's last request.", Scalars.Duration("1s", "365d"), o => o.For, (o, duration) => o with { For = duration });

    private static readonly ObjectShape<RouteLimits> Limits = new ObjectShape<RouteLimits>("The caps of one request.", _ => new RouteLimits())
        .Optional("deadline", "The most time.", Scalars.Duration("1ms", "7d"), (o, deadline) => o with { Deadline = deadline })
        .Optional("attempts", "The most attempts: calls of any deployment, failed ones, retries, fallbacks and judges included.", Scalars.Integer(1, 1000), o => o.MaxAttempts, (o, attempts) => o with { MaxAttempts = attempts });

    private static readonly ObjectShape<(decimal? PerRequest, Budget All)> Money = new ObjectShape<(decimal? PerRequest, Budget All)>("The money that the route may cost, in US dollars. Days and months are UTC.", _ => (null, new Budget()))
        .Optional("per_request", "US dollars a request; the next attempt is not made where it might exceed this.", Scalars.Usd, (o, usd) => (usd, o.All))
        .Optional("per_day", "US dollars a day, all requests together.", Scalars.Usd, (o, usd) => (o.PerRequest, o.All with { UsdPerDay = usd }))
        .Optional("per_month", "US dollars a month, all requests together.", Scalars.Usd, (o, usd) => (o.PerRequest, o.All with { UsdPerMonth = usd }))
        .Optional("total", "US dollars in all.", Scalars.Usd, (o, usd) => (o.PerRequest, o.All with { UsdTotal = usd }));

    public static readonly ObjectShape<GatewayRoute> Route =
        new ObjectShape<GatewayRoute>("The way that requests of this name go.", name => new GatewayRoute(new Route { Name = name, Draft = new Stage { Deployments = [] } }, new Budget()))
            .Required("draft", "Who answers first, and how.", StageSection.Draft, (o, draft) => In(o, route => route with { Draft = draft }))
            .Optional("agree", "When several drafts agree, so that one of them is accepted.", StageSection.Agreement, (o, agreement) => In(o, route => route with { Draft = route.Draft with { Agreement = agreement } }))
            .Optional("validate", "The checks that a draft must pass; they run cheapest first.", new ListShape<IValidator>(new ValidatorShape()), (o, validators) => In(o, route => route with { Validators = [.. validators.OrderBy(validator => validator.Cost)] }))
            .Optional("repair", "How a rejected draft is repaired.", Repair, (o, repair) => In(o, route => route with { Repair = repair }))
            .Optional("escalate", "The stages after the draft, up to the strongest: one, or a list.", new ListShape<Stage>(StageSection.Escalation, alsoSingle: true), (o, stages) => In(o, route => route with { Escalation = stages }))
            .Optional("unknown", "What it means where a check could not run. A draft rejected for that is not repaired, as nothing is known to be wrong with it: the next stage answers.", Scalars.Choice(("reject", VerdictKind.Reject), ("accept", VerdictKind.Accept)), o => o.Cascade.UnknownMeans, (o, kind) => In(o, route => route with { UnknownMeans = kind }))
            .Optional("strict_thinking", "Whether thinking that a model cannot do as asked is refused; otherwise what was done instead is reported.", Scalars.Switch, o => o.Cascade.StrictThinking, (o, strict) => In(o, route => route with { StrictThinking = strict }))
            .Optional("when_exhausted", "What the client gets where no draft passed or a cap ended the cascade: the best so far, or an error.", Scalars.Choice(("best", WhenExhausted.Best), ("error", WhenExhausted.Error)), o => o.Cascade.WhenExhausted, (o, end) => In(o, route => route with { WhenExhausted = end }))
            .Optional("limits", "The caps of one request.", Limits, (o, limits) => In(o, route => route with { Limits = limits with { MaxUsd = route.Limits.MaxUsd } }))
            .Optional("budget", "The money that it may cost.", Money, (o, money) => In(o, route => route with { Limits = route.Limits with { MaxUsd = money.PerRequest } }) with { Budget = money.All })
            .Optional("policy", "Which models it may ask.", PolicySection.Policy, (o, policy) => o with { Policy = policy })
            .Optional("latch", "When a session goes straight to the strongest stage; never where it is left out. A request names its session by the header x-countersign-session or its prompt_cache_key; else requests that begin with the same instructions and the same first message of the user are one session.", Latch, (o, latch) => In(o, route => route with { Latch = latch }));

    private static GatewayRoute In(GatewayRoute route, Func<Route, Route> change) => route with { Cascade = change(route.Cascade) };
}
