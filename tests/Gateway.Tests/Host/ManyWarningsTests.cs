using System.Net;
using Countersign.Gateway.Tests.Ledger;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Callers choose what there is to warn of: neither the work nor the answer's head grows with it.</summary>
public sealed class ManyWarningsTests
{
    [Theory]
    [InlineData("anthropic", null)]
    [InlineData("completions", "vllm")]
    public async Task Members_ByTheThousand_AreNamedUpToABound(string api, string? server)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("template.jinja"), "{% for message in messages %}{{ message.content }}{% endfor %}");
        await using var scene = await GatewayScene.StartAsync(api: api, server: server, template: server is null ? null : folder.File("template.jinja"));
        if (server is not null) scene.Cheap.Then(Script.Raw("application/json", """{"choices":[{"index":0,"text":"hello","finish_reason":"stop"}]}"""));
        string members = string.Concat(Enumerable.Range(0, 20_000).Select(number => $",\"m{number}\":1"));
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"small","messages":[{"role":"user","content":"hi"{{members}}}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string[] warnings = [.. response.Headers.GetValues("x-countersign-warning")];
        Assert.InRange(warnings.Length, 10, 64);
        Assert.Contains("m0:", string.Concat(warnings), StringComparison.Ordinal);
        Assert.Contains("too many to name", warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_OfGreatLength_IsCutInTheHead()
    {
        await using var scene = await GatewayScene.StartAsync(api: "anthropic");
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"small","messages":[{"role":"user","content":"hi"}],"{{new string('x', 20_000)}}":1}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string warning = Assert.Single(response.Headers.GetValues("x-countersign-warning"), warning => warning.StartsWith("xxx", StringComparison.Ordinal));
        Assert.InRange(warning.Length, 100, 600);
        Assert.EndsWith("...", warning, StringComparison.Ordinal);
    }
}
