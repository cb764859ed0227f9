using System.Text;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Tests.Upstreams;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Embeddings;

namespace Countersign.Gateway.Tests.Providers;

public sealed class EmbeddingTests : IAsyncLifetime
{
    private HttpScene scene = null!;

    public async ValueTask InitializeAsync() => scene = await HttpScene.StartAsync();

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task Embeddings_AreForwardedWithTheUpstreamsModelAndBilled()
    {
        var frames = Assert.IsType<WireFrames>(Assert.Single(await EmbedAsync("""{"input":["a","b"],"model":"d","encoding_format":"base64","dimensions":2}""")));

        Assert.True(frames.IsLast);
        Assert.Contains("\"embedding\":\"AAAAPwAAgL4=\"", Encoding.UTF8.GetString(frames.Bytes.Span), StringComparison.Ordinal);
        var request = scene.Upstream.Requests.Single();
        Assert.Equal("/v1/embeddings", request.Path);
        Assert.Equal("""{"input":["a","b"],"model":"upstream-model","encoding_format":"base64","dimensions":2}""", request.Body);
        Assert.Equal((AttemptStatus.Completed, 7, 0), (scene.Record.Status, scene.Record.Usage!.InputTokens, scene.Record.Usage.OutputTokens));
        Assert.Equal(Cost.Of(0.000007m), scene.Record.Cost);
    }

    [Theory]
    [InlineData("base64", "[0.5, -0.25]", "\"AAAAPwAAgL4=\"")]
    [InlineData("base64", "\"AAAAPwAAgL4=\"", "\"AAAAPwAAgL4=\"")]
    [InlineData("float", "\"AAAAPwAAgL4=\"", "[0.5,-0.25]")]
    [InlineData("float", "[0.50,-0.25]", "[0.50,-0.25]")]
    [InlineData("base64", "[[0.5],[-0.25]]", "[[0.5],[-0.25]]")]
    [InlineData("float", "\"AAA=\"", "\"AAA=\"")]
    public async Task Vectors_AreWrittenAsAsked_WhateverTheUpstreamMakesOfIt(string asked, string written, string got)
    {
        const string Rest = "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7},\"extra\":[1.50]";
        scene.Upstream.Then(Script.Raw("application/json", $$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{written}}}],{{Rest}}}"""));

        var frames = Assert.IsType<WireFrames>(Assert.Single(await EmbedAsync($$"""{"model":"d","input":"a","encoding_format":"{{asked}}"}""")));

        Assert.Equal($$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{got}}}],{{Rest}}}""", Encoding.UTF8.GetString(frames.Bytes.Span));
        Assert.Equal(7, scene.Record.Usage!.InputTokens);
    }

    [Fact]
    public async Task Embeddings_Refused_AreAProblemAndAnAttempt()
    {
        scene.Upstream.Then(Script.Error(429, "slow down"));

        var problem = Assert.IsType<AttemptFailed>(Assert.Single(await EmbedAsync("""{"model":"d","input":"a"}"""))).Problem;

        Assert.Equal((ProblemKind.RateLimited, "slow down"), (problem.Kind, problem.Message));
        Assert.Equal((AttemptStatus.Failed, Cost.Zero), (scene.Record.Status, scene.Record.Cost));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"data\":[")]
    [InlineData("{\"data\":[]}{}")]
    [InlineData("<html>")]
    public async Task Embeddings_OfAnotherForm_AreAProblem(string body)
    {
        scene.Upstream.Then(Script.Raw("application/json", body));

        Assert.Equal(ProblemKind.UpstreamFailed, Assert.IsType<AttemptFailed>(Assert.Single(await EmbedAsync("""{"model":"d","input":"a"}"""))).Problem.Kind);
    }

    private async Task<List<ChatEvent>> EmbedAsync(string body)
    {
        var events = new List<ChatEvent>();
        await foreach (var e in scene.Build().EmbedAsync(EmbeddingRequestScanner.Scan(Encoding.UTF8.GetBytes(body)), scene.Trace, TestContext.Current.CancellationToken))
            events.Add(e is WireFrames frames ? frames with { Bytes = frames.Bytes.ToArray() } : e);
        return events;
    }
}
