using Countersign.Gateway.Access;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Tests.Configuration;
using Countersign.Protocol.Catalogue;

namespace Countersign.Gateway.Tests.Access;

/// <summary>Policies: what is known decides, what is not known is refused.</summary>
public sealed class PolicyCheckTests
{
    private const string Models = """
        providers:
          fleet: { api: openai, server: vllm, base_url: http://gpu-1:8000/v1 }
        deployments:
          open:     { provider: fleet, model: Qwen/Qwen3-30B-A3B }
          whole:    { provider: fleet, model: allenai/OLMo-3-32B-Think }
          closed:   { provider: fleet, model: gpt-5 }
          own:      { provider: fleet, model: acme/invoices-7b }
          declared: { provider: fleet, model: acme/invoices-7b, facts: { licence: MIT, openness: weights, vendor: Acme, country: CH } }
          unsure:   { provider: fleet, model: zai-org/GLM-5.2 }
        pools:
          mixed: [open, closed]

        """;

    [Theory]
    [InlineData("qwen3-30b-a3b", null)]
    [InlineData("gpt-5", "its licence is 'LicenseRef-Proprietary', and the policy wants a permissive one")]
    [InlineData("acme/invoices-7b", "its licence is not known for certain, and the policy wants a permissive one")]
    [InlineData("zai-org/GLM-5.2", "its licence is not known for certain (the catalogue's 'MIT' is not verified)")]
    public void Licence_Permissive_IsHeldAgainstWhatIsCertain(string model, string? message) => Breaks(new ModelPolicy { PermissiveLicence = true }, model, message);

    [Theory]
    [InlineData("allenai/OLMo-3-32B-Think", null)]
    [InlineData("qwen3-30b-a3b", "its openness is 'weights', and the policy wants at least 'fully'")]
    [InlineData("gpt-5", "its openness is 'closed'")]
    public void Openness_Fully_WantsDataAndCode(string model, string? message) => Breaks(new ModelPolicy { Openness = Openness.Fully }, model, message);

    [Fact]
    public void VendorsAndCountries_InAnyCase_AreHeldAgainst()
    {
        Breaks(new ModelPolicy { Vendors = ["alibaba", "Ai2"] }, "qwen3-30b-a3b", null);
        Breaks(new ModelPolicy { Vendors = ["Ai2"] }, "qwen3-30b-a3b", "its vendor is 'Alibaba', and the policy wants one of Ai2");
        Breaks(new ModelPolicy { Countries = ["ch", "us"] }, "gpt-5", null);
        Breaks(new ModelPolicy { Countries = ["CH", "FR"] }, "qwen3-30b-a3b", "its country is 'CN', and the policy wants one of CH, FR");
    }

    [Fact]
    public void Unknown_TellsHowToDeclareIt_AndDeclaredCounts()
    {
        var policy = new ModelPolicy { PermissiveLicence = true, Openness = Openness.Weights, Vendors = ["Acme"], Countries = ["CH"] };
        var own = new Deployment { Name = "own", Provider = "fleet", Model = "acme/invoices-7b" };

        Assert.Equal("If you know it, declare it: 'facts: { licence: ... }' at the deployment 'own'.", PolicyCheck.Of(policy, own)!.Remedy);
        Assert.Null(PolicyCheck.Of(policy, own with { Facts = new DeclaredFacts { Licence = "MIT", Openness = Openness.Weights, Vendor = "Acme", Country = "CH" } }));
    }

    [Fact]
    public void Route_WithAPolicy_RefusesEveryDeploymentThatItMayAsk()
    {
        string[] problems = Loading.Problems(Models + """
            routes:
              strict:
                policy: { licence: permissive }
                draft: { deployment: open }
                validate: [ { judge: { deployment: own, rubric: "Is it right?" } } ]
                escalate: { deployment: mixed }
              fine: { policy: { licence: permissive, countries: [CH, CN] }, draft: { deployments: [declared, open] }, agree: { need: 2, by: exact } }
            """);

        Assert.Equal(2, problems.Length);
        Assert.Contains(problems, problem => problem.Contains("routes.strict.policy: 'closed' (gpt-5) may not be asked: its licence is 'LicenseRef-Proprietary'", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("'own' (acme/invoices-7b) may not be asked: its licence is not known", StringComparison.Ordinal) && problem.EndsWith("'facts: { licence: ... }' at the deployment 'own'.", StringComparison.Ordinal));
    }

    [Fact]
    public void Route_WhoseModelHasASibling_IsHeldAgainstItToo()
    {
        var configuration = Loading.Good("""
            providers:
              fleet: { api: openai, server: vllm, base_url: http://gpu-1:8000/v1 }
            deployments:
              quick:    { provider: fleet, model: Qwen/Qwen3-30B-A3B-Instruct-2507 }
              thinking: { provider: fleet, model: Qwen/Qwen3-30B-A3B-Thinking-2507, facts: { licence: LicenseRef-Acme } }
            """);

        Assert.Equal("thinking", PolicyCheck.Of(new ModelPolicy { PermissiveLicence = true }, ["quick"], configuration)!.Deployment);
    }

    private static void Breaks(ModelPolicy policy, string model, string? message)
    {
        var breach = PolicyCheck.Of(policy, new Deployment { Name = "it", Provider = "fleet", Model = model });

        if (message is null) Assert.Null(breach);
        else Assert.Contains(message, breach!.Message, StringComparison.Ordinal);
    }
}
