namespace Countersign.Gateway.Tests.Configuration;

/// <summary>Every problem of a file at once, each with its place, what was found, and the remedy.</summary>
public class ConfigurationProblemTests
{
    [Fact]
    public void Problems_ManyKindsInOneFile_AreReportedTogetherInOrder()
    {
        string[] problems = Loading.Problems("""
            servers: {}
            server: { listen: 0.0.0.0:8080, max_body: big }
            providers:
              fleet: { api: opnai, base_url: gpu-1 }
              cloud: { api: openai, base_url: https://x/v1, key: "${CLOUD_KEY}" }
            deployments:
              a: { provider: flet, model: m, price: { input: cheap } }
              b: { model: m }
            pools:
              p: [a, c]
            routes:
              a: { draft: { deployment: a } }
              r: { draft: { deployment: aa, thinking: hgih }, latch: { after: 2 }, promise: { error: 0.02 } }
            """);
        Assert.Equal(
        [
            "test.yaml:1:1 servers: There is no key \"servers\" at the top of the file. Did you mean \"server\"?",
            "test.yaml:2:19 server.listen: \"0.0.0.0:8080\" can be reached from other machines, but no key is needed. Add a caller with a key under 'callers', or write 'keys: { required: true }' and make keys with 'countersign keys create'.",
            "test.yaml:2:43 server.max_body: Found \"big\", but this is a size such as 512KiB, 32MiB or a number of bytes, from 1KiB and below 2GiB. Write a size such as 512KiB, 32MiB or a number of bytes, from 1KiB and below 2GiB.",
            "test.yaml:4:17 providers.fleet.api: Found \"opnai\", but this is one of openai, openai_responses, anthropic, gemini, completions, engine. Did you mean \"openai\"?",
            "test.yaml:4:34 providers.fleet.base_url: Found \"gpu-1\", but this is an http or https address such as http://127.0.0.1:8000/v1. Write an http or https address such as http://127.0.0.1:8000/v1.",
            "test.yaml:5:54 providers.cloud.key: The environment variable CLOUD_KEY is not set. Set it, or write ${CLOUD_KEY:-default} with what holds where it is not set.",
            "test.yaml:7:18 deployments.a.provider: \"flet\" is no provider. Did you mean \"fleet\"?",
            "test.yaml:7:50 deployments.a.price.input: Found \"cheap\", but this is an amount of US dollars such as 0.02, a billion at most. Write an amount of US dollars such as 0.02, a billion at most.",
            "test.yaml:8:6 deployments.b.provider: This key is missing. Add it: The provider's name.",
            "test.yaml:10:10 pools.p[1]: \"c\" is no deployment. Declared: a, b.",
            "test.yaml:12:6 routes.a: \"a\" is also a name under 'deployments' (line 7), and callers could mean either. Rename one of them.",
            "test.yaml:13:29 routes.r.draft.deployment: \"aa\" is no deployment or pool. Declared: p, a, b.",
            "test.yaml:13:43 routes.r.draft.thinking: Found \"hgih\", but this is a level of thinking or a number of tokens. Did you mean \"high\"?",
            "test.yaml:13:58 routes.r.latch: There is no stage that a session could be held at. Add 'escalate', or remove 'latch'.",
            "test.yaml:13:72 routes.r.promise: There is no key \"promise\" in routes.r. Known here: draft, agree, validate, repair, escalate, unknown, strict_thinking, when_exhausted, limits, budget, policy, latch.",
        ], problems);
    }

    [Theory]
    [InlineData("key: \"sk-1\\n\"", "test.yaml:1:62 providers.p.key: The key holds a line end or a letter beyond ASCII, which no header carries. Copy it again, without what is around it.")]
    [InlineData("headers: { x-team: équipe }", "test.yaml:1:76 providers.p.headers.x-team: The value holds a line end or a letter beyond ASCII, which no header carries. Write visible ASCII.")]
    [InlineData("headers: { \"x team\": a }", "test.yaml:1:78 providers.p.headers.\"x team\": \"x team\" is no name of a header. Write ASCII letters, digits and hyphens.")]
    [InlineData("headers: { content-type: text/plain }", "test.yaml:1:82 providers.p.headers.content-type: \"content-type\" is no header of a request that can be set: it describes the body, or the connection. Remove it.")]
    [InlineData("headers: { content-length: 5 }", "test.yaml:1:84 providers.p.headers.content-length: \"content-length\" is no header of a request that can be set: it describes the body, or the connection. Remove it.")]
    [InlineData("headers: { transfer-encoding: chunked }", "test.yaml:1:87 providers.p.headers.transfer-encoding: \"transfer-encoding\" is no header of a request that can be set: it describes the body, or the connection. Remove it.")]
    public void Problem_WhatNoHeaderCarries_IsReportedAndNeverShown(string more, string problem) =>
        Assert.Equal([problem], Loading.Problems($"providers: {{ p: {{ api: openai, base_url: 'http://x/v1', {more} }} }}"));

    [Fact]
    public void Problem_UnknownCheck_NamesTheKnownOnes() =>
        Assert.StartsWith("test.yaml:7:59 routes.r.validate[0]: There is no check named \"nonsense\".", Assert.Single(Loading.Problems(Loading.Models + "routes: { r: { draft: { deployment: drafter }, validate: [nonsense] } }")), StringComparison.Ordinal);

    [Theory]
    [InlineData("no-such-program", "There is no program 'no-such-program' in PATH.")]
    [InlineData("dotnet, ./no-such-script.py", "There is no file '")]
    public void Problem_ProgramThatIsNotThere_IsReportedAtItsLine(string run, string message) =>
        Assert.StartsWith($"test.yaml:7:77 routes.r.validate[0].command.run: {message}", Assert.Single(Loading.Problems(Loading.Models + $"routes: {{ r: {{ draft: {{ deployment: drafter }}, validate: [{{ command: {{ run: [{run}] }} }}] }} }}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("providers: { a: [", "This is no YAML")]
    [InlineData("a: b: c", "This is no YAML")]
    [InlineData("a: *nobody", "no value above is named &nobody")]
    [InlineData("? [a]\n: b", "a key must be plain text")]
    [InlineData("\"unclosed", "This is no YAML")]
    [InlineData("- a", "Found a list, but this is a group of keys.")]
    [InlineData("text", "Found \"text\", but this is a group of keys.")]
    [InlineData("{}\n---\n{}", "A second document begins here.")]
    [InlineData("server: {}\nserver: {}", "This key is here a second time; the first is in line 1.")]
    [InlineData("server: 5", "Found \"5\", but this is a group of keys.")]
    [InlineData("providers: [a]", "Found a list, but these are names with their values.")]
    [InlineData("pools: { p: a }", "Found \"a\", but this is a list.")]
    [InlineData("server: { drain: [1s] }", "Found a list, but this is a duration")]
    [InlineData("server: { listen: \"8080\" }", "\"8080\" is no address with a port.")]
    [InlineData("ledger: { path: \"\" }", "but this is a text.")]
    [InlineData("callers: { c: { key: short } }", "The key is shorter than 16 characters.")]
    [InlineData("callers: { c: { key: '' } }", "Found a value, but this is a key of letters, digits and signs, without spaces.")]
    [InlineData("callers: { c: { key: '${NONE:-}' } }", "Found a value, but this is a key of letters, digits and signs, without spaces.")]
    [InlineData("callers: { c: { key: '0123456789abcdef ' } }", "Found a value, but this is a key of letters, digits and signs, without spaces.")]
    [InlineData("callers: { c: { key: 0123456789abcdef, budget: { total: 99999999999 } } }", "an amount of US dollars such as 0.02, a billion at most.")]
    [InlineData("server: { keep_alive: 0s }", "from 100ms to 1h.")]
    [InlineData("server: { keep_alive: 60d }", "from 100ms to 1h.")]
    [InlineData("server: { drain: 60d }", "from 0s to 1d.")]
    [InlineData("server: { max_body: 0 }", "from 1KiB and below 2GiB.")]
    [InlineData("deployments: { d: { provider: p, model: m, timeouts: { connect: 0s } } }", "from 1ms to 1h.")]
    [InlineData("deployments: { d: { provider: p, model: m, timeouts: { total: 60d, first_token: 60d } } }", "from 1ms to 7d.")]
    [InlineData("deployments: { d: { provider: p, model: m, breaker: { window: 2d } } }", "from 500ms to 1d.")]
    [InlineData("deployments: { d: { provider: p, model: m, retry: { max_delay: 60d } } }", "from 0s to 1d.")]
    [InlineData("routes: { r: { draft: { deployment: d }, limits: { deadline: 0s } } }", "from 1ms to 7d.")]
    [InlineData("providers: { p: { api: engine, models: ., unload_after: 60d } }", "from 0s to 30d.")]
    [InlineData("providers: { p: { api: engine, models: ., memory: 0 } }", "from 1MiB.")]
    [InlineData("callers: { c: { key: 0123456789abcdef }, d: { key: 0123456789abcdef } }", "The callers c and d have the same key.")]
    [InlineData("callers: { c: { key: 0123456789abcdef, models: nothing } }", "\"nothing\" is no route, pool or deployment.")]
    [InlineData("providers: { p: { api: openai } }", "The provider has no address.")]
    [InlineData("providers: { p: { api: openai, base_url: http://localhost:8080/v1 } }", "This is the address of this gateway itself")]
    [InlineData("providers: { p: { api: engine, key: k } }", "The engine runs in this process and has no 'key'.")]
    [InlineData("providers: { p: { api: engine, models: ./no-such-folder } }", "There is no folder")]
    [InlineData("providers: { p: { api: openai, base_url: \"http://gpu-1:8000/v1\" } }\ndeployments: { d: { provider: p, model: m, draft_model: x } }", "Only the engine has 'draft_model'; provider 'p' decides for itself")]
    [InlineData("providers: { p: { api: engine, models: . } }\ndeployments: { d: { provider: p, model: m, draft_max: 4 } }", "'draft_max' says nothing without a draft model.")]
    [InlineData("providers: { p: { api: engine, models: . } }\ndeployments: { d: { provider: p, model: m, draft_model: x } }", "deployments.d.draft_model: \"x\" is no GGUF file in")]
    [InlineData("deployments: { d: { draft_max: 65 } }", "this is a whole number from 1 to 64")]
    [InlineData("providers: { p: { api: anthropic, models: ./m } }", "Only the engine has 'models'.")]
    [InlineData("providers: { p: { api: completions, server: vllm, base_url: \"http://gpu-1:8000/v1\" } }\ndeployments: { d: { provider: p, model: m } }", "A prompt cannot be made without the model's chat template")]
    [InlineData("providers: { p: { api: completions, base_url: \"http://gpu-1:8000/v1\" } }\ndeployments: { d: { provider: p, model: m, template: ./no-such.jinja } }", "There is no file")]
    [InlineData("providers: { p: { api: openai, base_url: \"http://gpu-1:8000/v1\" } }\ndeployments: { d: { provider: p, model: m, template: ./a.jinja } }", "takes chats, and its server has its own template")]
    [InlineData("providers: { p: { api: anthropic, prompt_cache: always } }", "Found \"always\", but this is one of auto, off.")]
    [InlineData("providers: { p: { api: engine, prompt_cache: off } }", "The engine runs in this process and has no 'prompt_cache'.")]
    [InlineData("providers: { p: { api: completions, server: llama.cpp, base_url: \"http://gpu-1:8000/v1\", prompt_cache: off } }", "providers.p.prompt_cache: It is given prompts as text")]
    [InlineData("providers: { p: { api: completions, server: llama.cpp, base_url: \"http://gpu-1:8000/v1\" } }\ndeployments: { d: { provider: p, model: m, prompt_cache: auto } }", "deployments.d.prompt_cache: Provider 'p' is given prompts as text")]
    public void Problem_BadFile_IsReported(string yaml, string expected) => Assert.Contains(Loading.Problems(yaml), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("deployments: [drafter, second]", "asks for 2 drafts, but nothing says when they agree.")]
    [InlineData("deployment: drafter, samples: 3", "asks for 3 drafts, but nothing says when they agree.")]
    [InlineData("deployment: drafter, deployments: [second]", "Both 'deployment' and 'deployments' are given.")]
    [InlineData("thinking: low", "Nobody answers in this stage.")]
    [InlineData("deployment: r", "\"r\" is a route, and routes hold no routes")]
    [InlineData("deployment: drafter, fallback: [strng]", "routes.r.draft.fallback[0]: \"strng\" is no deployment or pool. Did you mean \"strong\"?")]
    [InlineData("deployment: drafter }, agree: { by: number", "One draft cannot agree with itself.")]
    [InlineData("deployment: drafter, samples: 2 }, agree: { by: number, need: 3", "3 drafts must agree, but only 2 are asked for.")]
    [InlineData("deployment: drafter, samples: 2, temperature: 0 }, agree: { by: number", "At temperature 0 a deployment gives the same draft each time")]
    [InlineData("deployment: drafter, samples: 2 }, agree: { by: nummer", "Did you mean \"number\"?")]
    [InlineData("deployment: drafter }, repair: { attempts: 1", "Nothing in this route rejects a draft")]
    [InlineData("deployment: drafter, max_output_tokens: 9 }, repair: { attempts: 1", "Nothing in this route rejects a draft that may be repaired")]
    [InlineData("deployments: [drafter, second] }, agree: { by: number, need: 2 }, escalate: { deployment: strong }, repair: { attempts: 1", "Nothing in this route rejects a draft that may be repaired")]
    [InlineData("deployment: drafter }, escalate: { deployment: strong", "Nothing in this route rejects a draft, so it never escalates.")]
    [InlineData("deployment: drafter }, repair: { deployment: drafer", "Did you mean \"drafter\"?")]
    [InlineData("deployment: drafter }, budget: { per_request: 2, per_day: 1", "One request may cost more than all of them together.")]
    [InlineData("deployment: drafter }, budget: { per_request: 1 }, repair: { per_request: 2", "The repairs of a request may cost more than the request.")]
    [InlineData("deployment: drafter }, escalate: [{ deployment: stron }], unknown: { a: b", "routes.r.escalate[0].deployment: \"stron\" is no deployment or pool. Did you mean \"strong\"?")]
    public void Problem_RouteThatCannotWork_IsReported(string draft, string expected) =>
        Assert.Contains(Loading.Problems(Loading.Models + $"routes: {{ r: {{ draft: {{ {draft} }} }} }}"), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Problem_CheckThatCannotBeRead_IsNotTakenForNone() =>
        Assert.Contains("no check named \"regx\"", Assert.Single(Loading.Problems(Loading.Models + "routes: { r: { draft: { deployment: drafter }, validate: [ { regx: {} } ], repair: { attempts: 1 }, escalate: { deployment: strong } } }")));

    [Theory]
    [InlineData("timeouts: { first_token: 20m }", "The first token may take longer than the whole answer.")]
    [InlineData("retry: { delay: 1m }", "The first wait is longer than the longest.")]
    [InlineData("price: [{ input: 1, valid_from: 2026-02-01 }, { input: 1, valid_from: 2026-01-01 }]", "This price begins no later than the one before it.")]
    public void Problem_DeploymentThatContradictsItself_IsReported(string setting, string expected) =>
        Assert.Contains(Loading.Problems(Loading.Models + $"  d: {{ provider: fleet, model: m, {setting} }}"), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("[]", "The pool is empty.")]
    [InlineData("[drafter, drafter]", "\"drafter\" is in this pool twice.")]
    [InlineData("[p]", "\"p\" is a pool, and a pool holds deployments only.")]
    [InlineData("[{ deployment: drafter, weight: 0 }]", "Every weight is 0")]
    [InlineData("[{ deployment: drafter, weight: -1 }]", "Found \"-1\", but this is a number from 0 to")]
    public void Problem_PoolThatCannotWork_IsReported(string members, string expected) =>
        Assert.Contains(Loading.Problems(Loading.Models + $"pools: {{ p: {members} }}"), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Problem_WrongSecret_IsNotShown()
    {
        string[] problems = Loading.Problems("callers: { c: { key: \"${CI_KEY}\" } }\nproviders: { p: { api: openai, key: [sk-hidden] } }", ("CI_KEY", "tooshort"));
        Assert.All(problems, problem => Assert.DoesNotContain("tooshort", problem));
        Assert.All(problems, problem => Assert.DoesNotContain("sk-hidden", problem));
        Assert.NotEmpty(problems);
    }
}
