using Countersign.Cascade.Routes;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Chat;
using Countersign.Tests;

namespace Countersign.Gateway.Tests.Configuration;

public class ConfigurationLoaderTests
{
    [Fact]
    public void File_EmptyText_IsTheDefaults()
    {
        GatewayConfiguration configuration = Loading.Good("");
        Assert.Equal(new ServerOptions(), configuration.Server);
        Assert.Empty(configuration.Routes);
    }

    [Fact]
    public void Deployment_OfTheEngine_HasItsDraftModel()
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "tests", "Engine.Tests", "Fixtures", "arch");
        var deployments = Loading.Good($$"""
            providers: { local: { api: engine, models: {{folder}} } }
            deployments:
              all:  { provider: local, model: llama-w256.q8_0, draft_model: llama-w256.q4_0, draft_max: 4, draft_min: 2 }
              name: { provider: local, model: llama-w256.q8_0, draft_model: llama-w256.q4_0 }
            """).Deployments;
        Assert.Equal(new DraftModel("llama-w256.q4_0", 4, 2), deployments["all"].Draft);
        Assert.Equal(new DraftModel("llama-w256.q4_0", 16, 0), deployments["name"].Draft);
        Assert.Null(deployments["llama-w256.q8_0"].Draft);
    }

    [Fact]
    public void Provider_AllKeys_AreRead()
    {
        GatewayConfiguration configuration = Loading.Good("""
            providers:
              fleet:     { api: openai, server: vllm, base_url: http://gpu-1:8000/v1, headers: { X-Team: "${TEAM}" } }
              anthropic: { api: anthropic, key: "${ANTHROPIC_API_KEY}" }
              cheap:     { api: openai, server: groq, key: "${GROQ_API_KEY:-}" }
              google:    { api: gemini, key: g }
              google-2:  { api: openai, server: gemini, key: g }
            """, ("ANTHROPIC_API_KEY", "sk-1"), ("TEAM", "search"));
        Assert.Equal(new Uri("http://gpu-1:8000/v1"), configuration.Providers["fleet"].BaseUrl);
        Assert.Equal("search", configuration.Providers["fleet"].Headers["X-Team"]);
        Assert.Equal((ProviderApi.Anthropic, "sk-1", "anthropic", new Uri("https://api.anthropic.com/v1")), Parts(configuration.Providers["anthropic"]));
        Assert.Equal((ProviderApi.Gemini, "g", "gemini", new Uri("https://generativelanguage.googleapis.com/v1beta")), Parts(configuration.Providers["google"]));
        Assert.Equal((ProviderApi.OpenAi, "g", "gemini", new Uri("https://generativelanguage.googleapis.com/v1beta/openai")), Parts(configuration.Providers["google-2"]));
        Assert.Equal((ProviderApi.OpenAi, null, "groq", new Uri("https://api.groq.com/openai/v1")), Parts(configuration.Providers["cheap"]));

        static (ProviderApi, string?, string?, Uri?) Parts(ProviderOptions provider) => (provider.Api, provider.Key, provider.Server, provider.BaseUrl);
    }

    [Fact]
    public void Deployment_AllKeys_AreRead()
    {
        var deployment = Loading.Good(Loading.Models + """
              full:
                provider: fleet
                model: Qwen/Qwen3-30B-A3B
                price:
                  - { input: 1, output: 2 }
                  - { input: 0.5, output: 1.5, cached_input: 0.05, valid_from: 2026-06-01, above: { input_tokens: 200000, input: 3 } }
                context_length: 32768
                max_output_tokens: 4096
                family: qwen3
                timeouts: { connect: 250ms, first_token: 1.5s, idle: 2m, total: 1h }
                retry: { attempts: 2, delay: 1s, max_delay: 20s }
                concurrency: { limit: 8, queue: 16 }
                breaker: { failure_ratio: 0.25, minimum_calls: 4, window: 10s, open_for: 5s }
            """).Deployments["full"];
        Assert.Equal(1.5m, deployment.PriceOn(new DateOnly(2026, 6, 1))!.Output);
        Assert.Equal(2m, deployment.PriceOn(new DateOnly(2026, 5, 31))!.Output);
        Assert.Equal((200_000L, 3m), (deployment.Prices[1].Tiers[0].AboveInputTokens, deployment.Prices[1].Tiers[0].Price.Input!.Value));
        Assert.Equal((TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1.5)), (deployment.Timeouts.Connect, deployment.Timeouts.FirstToken));
        Assert.Equal((32768, 4096, "qwen3", 8, 2, 0.25), (deployment.ContextLength, deployment.MaxOutputTokens, deployment.Family, deployment.Concurrency.Limit, deployment.Retry.Attempts, deployment.Breaker.FailureRatio));
    }

    [Fact]
    public void Deployment_WithoutPrice_HasAnUnknownOne() => Assert.Null(Loading.Good(Loading.Models).Deployments["strong"].PriceOn(new DateOnly(2026, 1, 1)));

    [Fact]
    public void Route_AllKeys_AreRead()
    {
        GatewayRoute route = Loading.Good(Loading.Models + """
            pools:
              fast: [drafter, { deployment: second, weight: 3 }]
            routes:
              sums:
                draft: { deployments: [drafter, fast], fallback: second, samples: 2, thinking: off, temperature: 0.7, max_output_tokens: 500, constrain: false }
                agree: { need: 3, by: number, field: total }
                validate: [refusal]
                repair: { attempts: 1, per_request: 0.01, deployment: second, thinking: 1024 }
                escalate:
                  - { deployments: [second, strong], agree: { by: json } }
                  - { deployment: strong, thinking: high }
                unknown: accept
                when_exhausted: error
                limits: { deadline: 30s, attempts: 9 }
                budget: { per_request: 0.02, per_day: 50, per_month: 500, total: 1000 }
                latch: { after: 2, for: 10m }
            """).Routes["sums"];
        Stage draft = route.Cascade.Draft;
        Assert.Equal(["drafter", "fast"], draft.Deployments);
        Assert.Equal(["second"], draft.Fallback);
        Assert.Equal((2, new Thinking(ThinkingLevel.Off), 0.7, 500, false), (draft.Samples, draft.Thinking, draft.Temperature, draft.MaxOutputTokens, draft.Constrain));
        Assert.Equal(new AgreementPolicy(3, "number", "total"), draft.Agreement);
        Assert.Equal(new RepairPolicy(1, 0.01m, "second", new Thinking(null, 1024)), route.Cascade.Repair);
        Assert.Equal(new AgreementPolicy(2, "json"), route.Cascade.Escalation[0].Agreement);
        Assert.Equal(["strong"], route.Cascade.Escalation[1].Deployments);
        Assert.Equal((VerdictKind.Accept, WhenExhausted.Error), (route.Cascade.UnknownMeans, route.Cascade.WhenExhausted));
        Assert.Equal(new RouteLimits(0.02m, TimeSpan.FromSeconds(30), 9), route.Cascade.Limits);
        Assert.Equal(new Budget(50, 500, 1000), route.Budget);
        Assert.Equal(new LatchPolicy(2, TimeSpan.FromMinutes(10)), route.Cascade.Latch);
    }

    [Fact]
    public void Route_OneEscalation_NeedsNoList() =>
        Assert.Equal(["strong"], Assert.Single(Loading.Good(Loading.Models + "routes: { r: { draft: { deployment: drafter }, validate: [refusal], escalate: { deployment: strong } } }").Routes["r"].Cascade.Escalation).Deployments);

    [Fact]
    public void Server_AllKeys_AreRead()
    {
        GatewayConfiguration configuration = Loading.Good("""
            server: { listen: "[::1]:9000", max_body: 8MiB, keep_alive: 2s, drain: 1m, otlp_endpoint: http://127.0.0.1:4318 }
            ledger: { path: data/l.db }
            keys: { required: true }
            callers:
              ci: { key: "${CI_KEY}", admin: true, rate: { requests: 60, tokens: 100000 }, budget: { per_day: 5 }, models: fleet/anything }
            providers:
              fleet: { api: openai, base_url: http://gpu-1/v1 }
            """, ("CI_KEY", "0123456789abcdef"));
        Assert.Equal(new ServerOptions { Listen = "[::1]:9000", MaxBodyBytes = 8 << 20, KeepAlive = TimeSpan.FromSeconds(2), Drain = TimeSpan.FromMinutes(1), OtlpEndpoint = new Uri("http://127.0.0.1:4318") }, configuration.Server);
        Assert.Equal(Path.Combine(Path.GetTempPath(), "data/l.db"), configuration.Ledger.Path);
        Assert.True(configuration.Keys.Required);
        ConfiguredCaller caller = configuration.Callers["ci"];
        Assert.Equal(("ci", true, 60, 100_000L, 5m), (caller.Caller.Name, caller.Caller.IsAdmin, caller.Caller.Rate.RequestsPerMinute, caller.Caller.Rate.TokensPerMinute, caller.Caller.Budget.UsdPerDay));
        Assert.Equal(["fleet/anything"], caller.Caller.Models!);
        Assert.DoesNotContain("0123456789abcdef", configuration.ToString());
    }

    [Fact]
    public void FindDeployment_ProviderSlashModel_IsImplicitAndUnpriced()
    {
        GatewayConfiguration configuration = Loading.Good(Loading.Models);
        Assert.Equal(("fleet/org/new", "fleet", "org/new"), (configuration.FindDeployment("fleet/org/new")!.Name, configuration.FindDeployment("fleet/org/new")!.Provider, configuration.FindDeployment("fleet/org/new")!.Model));
        Assert.Empty(configuration.FindDeployment("fleet/org/new")!.Prices);
        Assert.Same(configuration.Deployments["drafter"], configuration.FindDeployment("fleet/small"));
        Assert.Null(configuration.FindDeployment("nobody/model"));
        Assert.Null(configuration.FindDeployment("fleet/"));
    }

    [Fact]
    public void LoadFile_MissingFile_IsAProblem()
    {
        LoadedConfiguration loaded = ConfigurationLoader.LoadFile("/nowhere/countersign.yaml", ConfigurationEnvironment.OfProcess());
        Assert.Null(loaded.Configuration);
        Assert.StartsWith("/nowhere/countersign.yaml The file cannot be read", Assert.Single(loaded.Problems).ToString());
    }

    [Fact]
    public void Version_ChangedSecret_StaysAndChangedModel_Changes()
    {
        const string Yaml = "providers: { openai: { api: openai, key: \"${K}\" } }\ndeployments: { d: { provider: openai, model: \"${M}\" } }\nroutes: { r: { draft: { deployment: d } } }";
        GatewayConfiguration first = Loading.Good(Yaml, ("K", "one"), ("M", "a")), rekeyed = Loading.Good(Yaml, ("K", "two"), ("M", "a")), other = Loading.Good(Yaml, ("K", "one"), ("M", "b"));
        Assert.Equal((first.Version, first.Routes["r"].Cascade.Version), (rekeyed.Version, rekeyed.Routes["r"].Cascade.Version));
        Assert.NotEqual(first.Version, other.Version);
        Assert.NotEqual(first.Routes["r"].Cascade.Version, other.Routes["r"].Cascade.Version);
    }

    [Fact]
    public void RouteVersion_ChangedBudget_Stays()
    {
        string Version(string budget) => Loading.Good(Loading.Models + $"routes: {{ r: {{ draft: {{ deployment: drafter }}, budget: {{ per_day: {budget} }} }} }}").Routes["r"].Cascade.Version;
        Assert.Equal(Version("1"), Version("2"));
    }
}
