using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Money;

public class UpperEstimateTests
{
    private readonly ScriptedAttempter attempter = new(TimeProvider.System);

    [Fact]
    public void InputTokens_Text_IsItsBytesAndTheTemplates()
    {
        Assert.Equal(2 * UpperEstimate.TokensPerMessage + 6, UpperEstimate.InputTokens(Run.Question("abc€")));
    }

    [Fact]
    public void InputTokens_OpaquePart_IsUnknown()
    {
        using var wire = JsonDocument.Parse("{}");
        var message = new ChatMessage { Role = ChatRole.User, Parts = [new OpaquePart("input_audio", wire.RootElement)] };
        Assert.Null(UpperEstimate.InputTokens(Run.Question() with { Messages = [message] }));
    }

    [Fact]
    public void Attempt_SeveralTargets_IsTheDearest()
    {
        attempter.Prices["a"] = new Price { Input = 1, Output = 1 };
        attempter.Prices["b"] = new Price { Input = 1, Output = 5, Reasoning = 7, PerRequest = 0.5m };
        var cost = UpperEstimate.OfAttempt(Attempt(Run.Question("x") with { MaxOutputTokens = 1000, ChoiceCount = 2 }, "a", "b"), attempter);
        Assert.Equal(Cost.Of(0.5m + 65m / 1_000_000 + 2000 * 7m / 1_000_000), cost);
    }

    [Fact]
    public void Attempt_NoLimit_UsesTheDeploymentsOwn()
    {
        attempter.Prices["a"] = new Price { Input = 0, Output = 1 };
        Assert.Equal(100m / 1_000_000, UpperEstimate.OfAttempt(Attempt(Run.Question(), "a"), attempter).Usd);
    }

    [Fact]
    public void Attempt_UnknownPrice_IsUnknown()
    {
        attempter.Prices["half"] = new Price { Input = 1 };
        Assert.False(UpperEstimate.OfAttempt(Attempt(Run.Question(), "half"), attempter).IsComplete);
        Assert.False(UpperEstimate.OfAttempt(Attempt(Run.Question(), "none"), attempter).IsComplete);
    }

    [Fact]
    public void Attempt_PriceTiers_CountWhereTheyMayBeReached()
    {
        attempter.Prices["a"] = new Price { Input = 1, Output = 1, Tiers = [new PriceTier(100, new Price { Input = 2, Output = 3 })] };
        Assert.Equal(0.0001m + 65m / 1_000_000, UpperEstimate.OfAttempt(Attempt(Run.Question("x"), "a"), attempter).Usd);
        Assert.Equal(0.0003m + 2 * 264m / 1_000_000, UpperEstimate.OfAttempt(Attempt(Run.Question(new string('x', 200)), "a"), attempter).Usd);
    }

    [Theory]
    [InlineData(1, false, 2)]
    [InlineData(3, false, 6)]
    [InlineData(1, true, 1)]
    public void Usage_UpToItsLimits_NeverCostsMore(int seed, bool cached, int choices)
    {
        var random = new Random(seed);
        var price = new Price { Input = 3, Output = 15, CachedInput = 0.3m, CacheWrite = 3.75m, LongCacheWrite = 6, Reasoning = 20, Tiers = [new PriceTier(500, new Price { Input = 6, Output = 22 })] };
        attempter.Prices["a"] = price;
        for (int i = 0; i < 200; i++)
        {
            var request = Run.Question(new string('x', random.Next(1000))) with { MaxOutputTokens = random.Next(1, 500), ChoiceCount = choices };
            long input = random.NextInt64(UpperEstimate.InputTokens(request)!.Value + 1), output = random.NextInt64(request.MaxOutputTokens!.Value * choices + 1);
            var usage = new Usage { InputTokens = input, OutputTokens = output, ReasoningTokens = random.NextInt64(output + 1), LongCacheWriteTokens = cached ? random.NextInt64(input + 1) : null };
            Assert.True(price.CostOf(usage).Usd <= UpperEstimate.OfAttempt(Attempt(request, "a"), attempter).Usd);
        }
    }

    [Fact]
    public void Route_AllItMayAsk_IsCounted()
    {
        attempter.Prices["weak"] = new Price { Input = 0, Output = 1 };
        attempter.Prices["strong"] = new Price { Input = 0, Output = 10 };
        var route = Run.Route(FakeValidator.Wants("x"));
        var request = Run.Question() with { MaxOutputTokens = 1_000_000 };
        Assert.Equal(1, UpperEstimate.OfRoute(route with { Validators = [] }, request, attempter).Usd);
        Assert.Equal(11, UpperEstimate.OfRoute(route, request, attempter).Usd);
        Assert.Equal(33, UpperEstimate.OfRoute(route with { Repair = new RepairPolicy(2) }, request, attempter).Usd);
        Assert.Equal(12, UpperEstimate.OfRoute(route with { Draft = route.Draft with { Samples = 2, Agreement = new AgreementPolicy(2, "exact") } }, request, attempter).Usd);
        Assert.Equal(5, UpperEstimate.OfRoute(route with { Limits = new RouteLimits(MaxUsd: 5) }, request, attempter).Usd);
        Assert.False(UpperEstimate.OfRoute(route with { Draft = new Stage { Deployments = ["unpriced"] } }, request, attempter).IsComplete);
        Assert.Equal(Cost.Of(5), UpperEstimate.OfRoute(route with { Draft = new Stage { Deployments = ["unpriced"] }, Limits = new RouteLimits(MaxUsd: 5) }, request, attempter));
    }

    private static AttemptRequest Attempt(ChatRequest request, params string[] targets) => new() { Request = request, Targets = targets, Purpose = AttemptPurpose.Draft };
}
