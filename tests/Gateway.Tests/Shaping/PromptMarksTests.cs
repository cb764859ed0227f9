using System.Text;
using Countersign.Cascade.Attempts;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Shaping;
using Countersign.Gateway.Tests.Configuration;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Tests.Shaping;

/// <summary>Whose word counts on whether a request is marked.</summary>
public sealed class PromptMarksTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData(", prompt_cache: auto", "", true)]
    [InlineData(", prompt_cache: off", "", false)]
    [InlineData("", ", prompt_cache: off", false)]
    [InlineData(", prompt_cache: off", ", prompt_cache: auto", true)]
    public void Deployment_CountsBeforeItsProvider(string provider, string deployment, bool isMarked) =>
        Assert.Equal(isMarked, Mark($"api: anthropic{provider}", $"model: claude-sonnet-5{deployment}").Contains("cache_control", StringComparison.Ordinal));

    [Fact]
    public void Family_IsLookedAtWhereTheNameSaysNothing()
    {
        const string Provider = "api: openai, server: openrouter, base_url: \"https://openrouter.ai/api/v1\"";
        Assert.DoesNotContain("cache_control", Mark(Provider, "model: my-model"), StringComparison.Ordinal);
        Assert.Contains("cache_control", Mark(Provider, "model: my-model, family: claude-sonnet-5"), StringComparison.Ordinal);
    }

    private static string Mark(string provider, string deployment)
    {
        var configuration = Loading.Good($"providers: {{ p: {{ {provider} }} }}\ndeployments: {{ d: {{ provider: p, {deployment} }} }}");
        string body = $$"""{"model":"m","messages":[{"role":"system","content":"{{new string('x', 5000)}}"},{"role":"user","content":"hi"}]}""";
        var attempt = new AttemptRequest { PassThrough = WireRequestScanner.Scan(WireApiKind.OpenAiChat, Encoding.UTF8.GetBytes(body)), Targets = ["d"], Purpose = AttemptPurpose.Plain };
        var call = new ChatCall(configuration.Deployments["d"], attempt, new RequestTrace());
        return Encoding.UTF8.GetString(PromptMarks.Put(Encoding.UTF8.GetBytes(body), call, configuration.Providers["p"]).Body.Span);
    }
}
