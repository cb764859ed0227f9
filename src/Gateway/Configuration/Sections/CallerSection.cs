using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>Callers, what they may use and spend.</summary>
internal static class CallerSection
{
    public static readonly ObjectShape<KeyOptions> Keys = new ObjectShape<KeyOptions>("Whether callers need keys.", _ => new KeyOptions())
        .Optional("required", "Refuse requests without a key even where no key exists yet. Where one exists they always are.", Scalars.Switch, o => o.Required, (o, required) => o with { Required = required });

    public static readonly ObjectShape<Budget> Budget = new ObjectShape<Budget>("Money that may be spent, in US dollars. Days and months are UTC.", _ => new Budget())
        .Optional("per_day", "US dollars a day.", Scalars.Usd, (o, usd) => o with { UsdPerDay = usd })
        .Optional("per_month", "US dollars a month.", Scalars.Usd, (o, usd) => o with { UsdPerMonth = usd })
        .Optional("total", "US dollars in all.", Scalars.Usd, (o, usd) => o with { UsdTotal = usd });

    public static readonly ObjectShape<ConfiguredCaller> Caller = new ObjectShape<ConfiguredCaller>("A caller.", name => new ConfiguredCaller(new Caller { Id = name, Name = name }, ""))
        .Required("key", "Its key, best as ${NAME} from the environment.", Scalars.Key, (o, key) => o with { Key = key })
        .Optional("models", "The routes, pools and deployments it may use; all where this is left out.", new ListShape<string>(Scalars.Text, alsoSingle: true), (o, models) => o with { Caller = o.Caller with { Models = models.ToHashSet() } })
        .Optional("policy", "Which models may be asked for it, whatever the route.", PolicySection.Policy, (o, policy) => o with { Caller = o.Caller with { Policy = policy } })
        .Optional("admin", "Whether it may use the admin API and read others' requests.", Scalars.Switch, o => o.Caller.IsAdmin, (o, admin) => o with { Caller = o.Caller with { IsAdmin = admin } })
        .Optional("rate", "What it may use per minute.", Rate, (o, rate) => o with { Caller = o.Caller with { Rate = rate } })
        .Optional("budget", "What it may spend.", Budget, (o, budget) => o with { Caller = o.Caller with { Budget = budget } });

    private static ObjectShape<RateLimit> Rate => new ObjectShape<RateLimit>("What may be used per minute.", _ => new RateLimit())
        .Optional("requests", "Requests a minute.", Scalars.Integer(1, int.MaxValue), (o, requests) => o with { RequestsPerMinute = requests })
        .Optional("tokens", "Input and output tokens a minute, together.", Scalars.Integer(1, int.MaxValue), (o, tokens) => o with { TokensPerMinute = tokens });
}
