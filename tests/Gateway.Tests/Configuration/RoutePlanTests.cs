using Countersign.Gateway.Configuration;

namespace Countersign.Gateway.Tests.Configuration;

public class RoutePlanTests
{
    /// <summary>A priced strong deployment, and a route that drafts cheaply and asks whether the answer declines; what follows goes on with the route.</summary>
    private const string Gated = """
          priced: { provider: fleet, model: large, price: { input: 1, output: 2 } }
        routes:
          r:
            draft: { deployment: drafter, max_output_tokens: 100 }
            validate: [refusal]

        """;

    [Fact]
    public void Plan_OfARoute_SaysEveryStep()
    {
        Assert.Equal(
        [
            "draft: drafter (small at fleet), then pool (pool of drafter x1, priced x3), 2 drafts each, thinking off, at most 500 output tokens",
            ": accepted where 3 drafts agree by number in total",
            "escalate: priced (large at fleet), thinking high",
            "otherwise: the client gets an error",
            "caps: 9 attempts, 30s, $0.02 a request, $50 a day",
            "latch: after 2 escalations in a row a session goes straight to the last stage, for 10m",
            // 4 drafts: 2 x (1000 x 0.1 + 500 x 0.3) + 2 x (1000 x 1 + 500 x 2); the strong stage: 1000 x 1 + 8192 x 2; a millionth of a dollar each.
            "worst case: $0.021884 (5 answers at 1000 input tokens, each at its longest, in at most 9 attempts); the cap ends it at $0.02",
        ], Plan("""
              priced: { provider: fleet, model: large, price: { input: 1, output: 2 } }
            pools: { pool: [drafter, { deployment: priced, weight: 3 }] }
            routes:
              r:
                draft: { deployments: [drafter, pool], samples: 2, thinking: off, max_output_tokens: 500 }
                agree: { need: 3, by: number, field: total }
                escalate: { deployment: priced, thinking: high }
                when_exhausted: error
                limits: { deadline: 30s, attempts: 9 }
                budget: { per_request: 0.02, per_day: 50 }
                latch: { after: 2, for: 10m }
            """));
    }

    [Fact]
    public void Plan_WithoutChecksOrPrice_SaysSo()
    {
        string[] plan = Plan("routes: { r: { draft: { deployment: strong, fallback: second } } }");
        Assert.Contains(": where one fails to answer: second", plan);
        Assert.Contains("validate: nothing: the answer goes to the client as it comes", plan);
        Assert.Contains("worst case: unknown, as there is no price for second, strong (1 answer at 1000 input tokens, each at its longest, in at most 4 attempts)", plan);
    }

    // What the cap leaves is dearest where the cheap drafts do not answer: two of the strong stage, 1000 x 1 + 100 x 2 and, as a repair, 1100 x 1 + 100 x 2.
    [Fact]
    public void Plan_WhoseCapIsBelowItsSteps_CountsNoMoreThanTheCap()
    {
        string[] plan = Plan(Gated + """
                repair: { attempts: 2 }
                escalate: { deployment: priced, max_output_tokens: 100 }
                limits: { attempts: 2 }
            """);
        Assert.Contains("caps: 2 attempts", plan);
        Assert.Contains("worst case: $0.0026 (2 answers at 1000 input tokens, each at its longest, in at most 2 attempts)", plan);
    }

    // The draft, 1000 x 0.1 + 100 x 0.3, its repair, 1100 x 0.1 + 100 x 0.3; the strong stage, which nobody judges, once: 1000 x 1 + 100 x 2.
    [Fact]
    public void Plan_WithATrustedStage_CountsNoRepairOfIt()
    {
        string[] plan = Plan(Gated + """
                repair: { attempts: 1, per_request: 0.01 }
                escalate: { deployment: priced, max_output_tokens: 100, trusted: true }
            """);
        Assert.Contains("repair: up to 1 a stage, by who drafted, shown what is wrong, for at most $0.01 a request", plan);
        Assert.Contains("worst case: $0.00147 (3 answers at 1000 input tokens, each at its longest, in at most 6 attempts)", plan);
    }

    [Fact]
    public void Plan_WithAStageThatTheCapCannotPay_SaysWhenItIsAsked()
    {
        string[] plan = Plan(Gated + """
                escalate: { deployment: priced }
                budget: { per_request: 0.01 }
            """);
        Assert.Equal(
            ["escalate: priced (large at fleet)", ": one answer costs up to $0.017384, more than a request's cap: asked only where the request limits its output (max_tokens), or max_output_tokens does"],
            plan.SkipWhile(line => !line.StartsWith("escalate", StringComparison.Ordinal)).Take(2));
        Assert.DoesNotContain(plan.TakeWhile(line => !line.StartsWith("escalate", StringComparison.Ordinal)), line => line.Contains("costs up to", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_OfPricesBelowAMicrodollar_ShowsThem() =>
        Assert.Contains("worst case: $0.000000011 (1 answer at 1000 input tokens, each at its longest, in at most 2 attempts)", Plan("""
              priced: { provider: fleet, model: large, price: { input: 0.00001, output: 0.00001 } }
            routes: { r: { draft: { deployment: priced, max_output_tokens: 100 } } }
            """));

    private static string[] Plan(string yaml)
    {
        GatewayConfiguration configuration = Loading.Good(Loading.Models + yaml);
        return [.. RoutePlan.Describe(configuration, configuration.Routes["r"], 1000, new DateOnly(2026, 1, 1)).Select(line => $"{line.Step}: {line.Text}")];
    }
}
