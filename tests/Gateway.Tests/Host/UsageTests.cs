using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>What an upstream counted, in the ledger: in our counting, and as it said it.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Usage_OfAnAttempt_IsKeptInBothForms(string stream)
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"small","stream":{{stream}},"messages":[{"role":"user","content":"hi"}]}""");
        await response.Content.ReadAsStringAsync();
        var attempt = (await scene.TraceOfAsync(response)).GetProperty("attempts")[0];
        Assert.Equal((1000, 200), (attempt.GetProperty("usage").GetProperty("input_tokens").GetInt32(), attempt.GetProperty("usage").GetProperty("cached_input_tokens").GetInt32()));
        Assert.Equal(1100, attempt.GetProperty("raw_usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task TokensThatNobodyExplains_LeaveTheCostOpen()
    {
        await using var scene = await GatewayScene.StartAsync();
        scene.Cheap.Then(Script.Raw("application/json", """{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1170}}"""));
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"small","messages":[{"role":"user","content":"hi"}]}""");
        var attempt = (await scene.TraceOfAsync(response)).GetProperty("attempts")[0];
        Assert.Equal(70, attempt.GetProperty("usage").GetProperty("other_tokens").GetInt32());
        Assert.False(attempt.GetProperty("cost").GetProperty("complete").GetBoolean());
    }
}
