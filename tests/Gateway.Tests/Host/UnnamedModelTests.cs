using System.Text;
using System.Text.Json;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Endpoints;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Requests to the tokenizer's endpoints that name no model.</summary>
public sealed class UnnamedModelTests
{
    private static readonly Caller Anyone = new() { Id = "anyone", Name = "anyone" };

    [Theory]
    [InlineData("""{"content":"a"}""", "content")]
    [InlineData(" \n{ \"content\" : \"a\" }", "content")]
    [InlineData("{}", null)]
    public void Name_OneModel_IsPutIn(string body, string? kept)
    {
        var named = JsonDocument.Parse(UnnamedModel.Name(Encoding.UTF8.GetBytes(body), With("a \"b\"", "a \"b\""), Anyone)).RootElement;
        Assert.Equal("a \"b\"", named.GetProperty("model").GetString());
        if (kept is not null) Assert.True(named.TryGetProperty(kept, out _));
    }

    [Fact]
    public void Name_ModelIsNamed_StaysAsItIs()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"content":"a","model":"x"}""");
        Assert.Equal(body, UnnamedModel.Name(body, With("a", "a"), Anyone).ToArray());
    }

    [Fact]
    public void Name_SeveralModels_AreListed()
    {
        var refused = Assert.Throws<ProblemException>(() => UnnamedModel.Name("{}"u8.ToArray(), With("b", "b", "a", "a"), Anyone));
        Assert.Equal(("model", true), (refused.Problem.Param, refused.Message.EndsWith("name one of a, b.", StringComparison.Ordinal)));
        Assert.Contains("no model for you", Assert.Throws<ProblemException>(() => UnnamedModel.Name("{}"u8.ToArray(), With(), Anyone)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_OneModelUnderTwoNames_OrOneThatTheCallerMayUse_IsPutIn()
    {
        Assert.Contains("\"model\":", Encoding.UTF8.GetString(UnnamedModel.Name("{}"u8.ToArray(), With("short", "a", "a", "a"), Anyone).Span), StringComparison.Ordinal);
        Assert.Equal("{\"model\":\"b\"}", Encoding.UTF8.GetString(UnnamedModel.Name("{}"u8.ToArray(), With("a", "a", "b", "b"), Anyone with { Models = new HashSet<string> { "b" } }).Span));
    }

    private static GatewayConfiguration With(params string[] namesAndModels) => new()
    {
        Providers = new Dictionary<string, ProviderOptions> { ["local"] = new() { Name = "local", Api = ProviderApi.Engine }, ["far"] = new() { Name = "far", Api = ProviderApi.OpenAi } },
        Deployments = namesAndModels.Chunk(2).Select(pair => new Deployment { Name = pair[0], Provider = "local", Model = pair[1] }).Append(new Deployment { Name = "far", Provider = "far", Model = "far" }).ToDictionary(deployment => deployment.Name),
    };
}
