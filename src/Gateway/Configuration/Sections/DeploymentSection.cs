using Countersign.Gateway.Configuration.Shapes;
using Countersign.Gateway.Dispatch;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>One model at one provider, and several of them under one name.</summary>
internal static class DeploymentSection
{
    private static readonly ObjectShape<TimeoutOptions> Timeouts = new ObjectShape<TimeoutOptions>("How long a call may take.", _ => new TimeoutOptions())
        .Optional("connect", "To connect.", Scalars.Duration("1ms", "1h"), o => o.Connect, (o, connect) => o with { Connect = connect })
        .Optional("first_token", "To the first token; comments and the head of an answer are none.", Scalars.Duration("1ms", "7d"), o => o.FirstToken, (o, firstToken) => o with { FirstToken = firstToken })
        .Optional("idle", "Between two tokens; comments are none.", Scalars.Duration("1ms", "7d"), o => o.Idle, (o, idle) => o with { Idle = idle })
        .Optional("total", "In all.", Scalars.Duration("1ms", "7d"), o => o.Total, (o, total) => o with { Total = total });

    private static readonly ObjectShape<RetryOptions> Retry = new ObjectShape<RetryOptions>("How calls that failed before their first token are tried again.", _ => new RetryOptions())
        .Optional("attempts", "Further tries at the same deployment.", Scalars.Integer(0, 10), o => o.Attempts, (o, attempts) => o with { Attempts = attempts })
        .Optional("delay", "The first wait; doubles, with jitter.", Scalars.Duration("0s", "1d"), o => o.Delay, (o, delay) => o with { Delay = delay })
        .Optional("max_delay", "The longest wait; a longer Retry-After goes on to the next deployment at once.", Scalars.Duration("0s", "1d"), o => o.MaxDelay, (o, delay) => o with { MaxDelay = delay });

    private static readonly ObjectShape<ConcurrencyOptions> Concurrency = new ObjectShape<ConcurrencyOptions>("How many calls run and wait at once.", _ => new ConcurrencyOptions())
        .Optional("limit", "Calls that run at once.", Scalars.Integer(1, 100_000), o => o.Limit, (o, limit) => o with { Limit = limit })
        .Optional("queue", "Calls that wait for a place; beyond it they fail at once (429).", Scalars.Integer(0, 1_000_000), o => o.Queue, (o, queue) => o with { Queue = queue });

    private static readonly ObjectShape<BreakerOptions> Breaker = new ObjectShape<BreakerOptions>("When a deployment is left alone for a while.", _ => new BreakerOptions())
        .Optional("failure_ratio", "The share of failures that opens it.", Scalars.Number(0.01, 1), o => o.FailureRatio, (o, ratio) => o with { FailureRatio = ratio })
        .Optional("minimum_calls", "Calls within the window before it judges.", Scalars.Integer(2, 1_000_000), o => o.MinimumCalls, (o, calls) => o with { MinimumCalls = calls })
        .Optional("window", "The time over which failures are counted.", Scalars.Duration("500ms", "1d"), o => o.Window, (o, window) => o with { Window = window })
        .Optional("open_for", "How long it stays open.", Scalars.Duration("500ms", "1d"), o => o.OpenFor, (o, openFor) => o with { OpenFor = openFor });

    public static readonly ObjectShape<Deployment> Deployment = new ObjectShape<Deployment>("One model at one provider.", name => new Deployment { Name = name, Provider = "", Model = "" })
        .Required("provider", "The provider's name.", Scalars.Text, (o, provider) => o with { Provider = provider })
        .Required("model", "The model's name there; for the engine, the GGUF file's name without its ending.", Scalars.Text, (o, model) => o with { Model = model })
        .Optional("price", "What it charges; a list where that changes on a day. Where it is left out: the dated list price of the catalogue, where the provider is a known cloud and sources agree; else unknown.", PriceSection.Prices, (o, prices) => o with { Prices = prices })
        .Optional("context_length", "Tokens of input and output together that it takes.", Scalars.Integer(1, 100_000_000), (o, tokens) => o with { ContextLength = tokens })
        .Optional("max_output_tokens", "The most output tokens of a request that sets no limit of its own, where a budget needs one.", Scalars.Integer(1, 10_000_000), o => o.MaxOutputTokens, (o, tokens) => o with { MaxOutputTokens = tokens })
        .Optional("family", "The model's family (qwen3, gpt-oss, ...); found from the model's name where it is left out.", Scalars.Text, (o, family) => o with { Family = family })
        .Optional("template", "For a provider with 'api: completions': the file of the model's chat template, as Jinja, as a tokenizer_config.json or in a GGUF file. A relative path starts from this file's folder. Left out: llama-server is asked for it.", Scalars.Text, (o, template) => o with { Template = template })
        .Optional("prompt_cache", "Whether requests are marked for its server's prompt cache: 'auto' or 'off'; as its provider says where it is left out.", ProviderSection.PromptCache, (o, mode) => o with { PromptCache = mode })
        .Optional("draft_model", "For the engine: the GGUF file, by its name without its ending, of a smaller model with the same vocabulary, in the same folder. It guesses the next tokens, several of which are then computed in one step; answers stay the same to the byte.", Scalars.Text, (o, draft) => o with { Draft = DraftOf(o) with { Model = draft } })
        .Optional("draft_max", "For the engine: the most tokens that the draft model guesses at a time.", Scalars.Integer(1, 64), o => DraftOf(o).Most, (o, most) => o with { Draft = DraftOf(o) with { Most = most } })
        .Optional("draft_min", "For the engine: the fewest tokens that the draft model guesses at a time.", Scalars.Integer(0, 64), o => DraftOf(o).Least, (o, least) => o with { Draft = DraftOf(o) with { Least = least } })
        .Optional("facts", "What is known of the model, for policies; counts before the catalogue.", PolicySection.Facts, (o, facts) => o with { Facts = facts })
        .Optional("timeouts", "How long a call may take.", Timeouts, (o, timeouts) => o with { Timeouts = timeouts })
        .Optional("retry", "How failed calls are tried again.", Retry, (o, retry) => o with { Retry = retry })
        .Optional("concurrency", "How many calls run and wait at once.", Concurrency, (o, concurrency) => o with { Concurrency = concurrency })
        .Optional("breaker", "When it is left alone for a while.", Breaker, (o, breaker) => o with { Breaker = breaker });

    private static DraftModel DraftOf(Deployment deployment) => deployment.Draft ?? new DraftModel("");
}
