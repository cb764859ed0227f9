using System.Text;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Tests.Upstreams;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Tests.Providers;

public sealed class HttpProviderTests : IAsyncLifetime
{
    private HttpScene scene = null!;

    public async ValueTask InitializeAsync() => scene = await HttpScene.StartAsync();

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    public static TheoryData<ProviderApi, WireApiKind, bool> EveryApiBothWays()
    {
        var data = new TheoryData<ProviderApi, WireApiKind, bool>();
        foreach (var (api, kind) in new[] { (ProviderApi.OpenAi, WireApiKind.OpenAiChat), (ProviderApi.OpenAiResponses, WireApiKind.OpenAiResponses), (ProviderApi.Anthropic, WireApiKind.AnthropicMessages) })
        {
            data.Add(api, kind, false);
            data.Add(api, kind, true);
        }

        return data;
    }

    [Theory, MemberData(nameof(EveryApiBothWays))]
    public async Task Answer_ReadIntoEvents_IsWholeAndBilled(ProviderApi api, WireApiKind kind, bool stream)
    {
        scene.Api = api;

        var answer = new AnswerBuilder();
        var events = await scene.AskAsync(HttpScene.Judged(kind, stream));
        events.ForEach(answer.Add);

        Assert.DoesNotContain(events, e => e is AttemptFailed);
        Assert.Equal("Hello!", answer.Build().Text);
        AssertBilled();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Gemini_AskedByAnyCaller_IsReadIntoEventsAndBilled(bool stream)
    {
        scene.Api = ProviderApi.Gemini;

        var events = await scene.AskAsync(HttpScene.Passed(WireApiKind.AnthropicMessages, stream));

        Assert.Equal("Hello!", string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)));
        Assert.Equal(40, scene.Record.Usage!.ReasoningTokens);
        AssertBilled();
    }

    [Theory]
    [InlineData("gemini-2.5-pro", false, "/v1/models/gemini-2.5-pro:generateContent")]
    [InlineData("gemini-2.5-pro", true, "/v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse")]
    [InlineData("tunedModels/mine", false, "/v1/tunedModels/mine:generateContent")]
    public async Task Gemini_HasModelAndStreamInItsAddress(string model, bool stream, string path)
    {
        (scene.Api, scene.Model) = (ProviderApi.Gemini, model);

        await scene.AskAsync(HttpScene.Judged(WireApiKind.OpenAiChat, stream));

        var request = scene.Upstream.Requests.Single();
        Assert.Equal((path, HttpScene.Key), (request.Path, request.Headers["x-goog-api-key"]));
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Gemini_PromptThatItsFilterStops_IsAProblemForWhichAnotherModelMayBeAsked()
    {
        scene.Api = ProviderApi.Gemini;
        scene.Upstream.Then(Script.Raw("application/json", """{"promptFeedback":{"blockReason":"SAFETY"}}"""));

        var problem = Assert.IsType<AttemptFailed>((await scene.AskAsync(HttpScene.Judged(WireApiKind.OpenAiChat, stream: false)))[^1]).Problem;

        Assert.Equal("content_filter", problem.Code);
        Assert.Contains("SAFETY", problem.Message, StringComparison.Ordinal);
        Assert.True(FailureRules.MayFallBack(problem));
    }

    [Theory, MemberData(nameof(EveryApiBothWays))]
    public async Task Answer_PassedThrough_IsTheUpstreamsBytesAndBilled(ProviderApi api, WireApiKind kind, bool stream)
    {
        scene.Api = api;

        var events = await scene.AskAsync(HttpScene.Passed(kind, stream, kind == WireApiKind.OpenAiChat && stream ? ",\"stream_options\":{\"include_usage\":true}" : ""));

        Assert.All(events, e => Assert.IsType<WireFrames>(e));
        Assert.Equal([.. Enumerable.Repeat(false, events.Count - 1), true], events.Cast<WireFrames>().Select(frames => frames.IsLast));
        string text = Text(events);
        Assert.Contains("fake-0613", text, StringComparison.Ordinal);
        Assert.EndsWith(stream ? "\n\n" : "}", text, StringComparison.Ordinal);
        Assert.Contains("\"upstream-model\"", scene.Upstream.Requests.Single().Body, StringComparison.Ordinal);
        AssertBilled();
    }

    [Fact]
    public async Task Usage_ClientDidNotAskFor_IsAskedForAndTakenOut()
    {
        var events = await scene.AskAsync(HttpScene.Passed(WireApiKind.OpenAiChat, stream: true));

        Assert.Contains("\"include_usage\":true", scene.Upstream.Requests.Single().Body, StringComparison.Ordinal);
        Assert.DoesNotContain("prompt_tokens", Text(events), StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", Text(events), StringComparison.Ordinal);
        AssertBilled();
    }

    [Fact]
    public async Task Frames_OneByOne_ArePassedOnAsTheyCome()
    {
        using var seen = new SemaphoreSlim(1); // The head waits for the answer proper.
        scene.Upstream.Then(Script.EachWhen(seen));
        int count = 0;

        await foreach (var passed in scene.Build().AttemptAsync(HttpScene.Passed(WireApiKind.OpenAiChat, stream: true, ",\"stream_options\":{\"include_usage\":true}"), scene.Trace, TestContext.Current.CancellationToken))
        {
            count++; // The upstream sends the next frame only now: this one was not kept back for it.
            Assert.NotNull(scene.Record.TimeToFirstToken);
            seen.Release();
        }

        Assert.Equal(5, count);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    public async Task Stream_EndingBeforeAllChoicesHaveFinished_IsACutAnswer(bool passed, int choices)
    {
        string Chunk(int choice, string delta, string finish) => $$$"""data: {"choices":[{"index":{{{choice}}},"delta":{{{{delta}}}},"finish_reason":{{{finish}}}}]}""" + "\n\n";
        scene.Upstream.Then(Script.Raw("text/event-stream", Chunk(0, "\"content\":\"a\"", "null") + Chunk(1, "\"content\":\"b\"", "null") + Chunk(0, "", "\"stop\"") + (choices == 3 ? Chunk(1, "", "\"stop\"") : "")));

        var events = await scene.AskAsync(passed ? HttpScene.Passed(WireApiKind.OpenAiChat, stream: true, $",\"n\":{choices}") : HttpScene.Judged(WireApiKind.OpenAiChat, stream: true, $",\"n\":{choices}"));

        Assert.Equal("answer_cut", (events[^1] as AttemptFailed)?.Problem.Code);
    }

    [Fact]
    public async Task Betas_BeyondAscii_AreRefusedByName()
    {
        scene.Api = ProviderApi.Anthropic;
        var wire = WireRequestScanner.Scan(WireApiKind.AnthropicMessages, """{"model":"d","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}"""u8.ToArray(), "é");

        var events = await scene.AskAsync(new() { PassThrough = wire, Targets = ["d"], Purpose = AttemptPurpose.Plain });

        var problem = Assert.IsType<AttemptFailed>(Assert.Single(events)).Problem;
        Assert.Equal((ProblemKind.InvalidRequest, "anthropic-beta"), (problem.Kind, problem.Param));
        Assert.Empty(scene.Upstream.Requests);
    }

    [Fact]
    public async Task OtherApi_PassThroughAsked_IsReadIntoEvents()
    {
        var events = await scene.AskAsync(HttpScene.Passed(WireApiKind.AnthropicMessages, stream: true));

        Assert.Equal("Hello!", string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)));
        Assert.DoesNotContain(events, e => e is WireFrames);
    }

    [Theory]
    [InlineData(ProviderApi.OpenAi, WireApiKind.OpenAiChat, "/v1/chat/completions", "Authorization", "Bearer " + HttpScene.Key)]
    [InlineData(ProviderApi.OpenAiResponses, WireApiKind.OpenAiResponses, "/v1/responses", "Authorization", "Bearer " + HttpScene.Key)]
    [InlineData(ProviderApi.Anthropic, WireApiKind.AnthropicMessages, "/v1/messages", "x-api-key", HttpScene.Key)]
    public async Task Request_HasAddressCredentialsAndOwnHeaders(ProviderApi api, WireApiKind kind, string path, string header, string value)
    {
        scene.Api = api;

        await scene.AskAsync(HttpScene.Judged(kind, stream: false));

        var request = scene.Upstream.Requests.Single();
        Assert.Equal(path, request.Path);
        Assert.Equal(value, request.Headers[header]);
        Assert.Equal("blue-team", request.Headers["x-team"]);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal(api == ProviderApi.Anthropic, request.Headers.ContainsKey("anthropic-version"));
    }

    [Fact]
    public async Task Field_ThatCannotBeCarried_IsAWarning()
    {
        scene.Api = ProviderApi.Anthropic;

        await scene.AskAsync(HttpScene.Judged(WireApiKind.OpenAiChat, stream: false, ",\"seed\":7"));

        Assert.Contains(scene.Trace.Warnings, warning => warning.Contains("seed", StringComparison.Ordinal));
    }

    private void AssertBilled()
    {
        Assert.Equal((AttemptStatus.Completed, FinishReason.Stop, "fake-0613"), (scene.Record.Status, scene.Record.FinishReason, scene.Record.ResponseModel));
        Assert.Equal((1000, 200, 100), (scene.Record.Usage!.InputTokens, scene.Record.Usage.CachedInputTokens, scene.Record.Usage.OutputTokens));
        Assert.Equal(Cost.Of(0.0018m), scene.Record.Cost);
    }

    private static string Text(IEnumerable<ChatEvent> events) => string.Concat(events.OfType<WireFrames>().Select(frames => Encoding.UTF8.GetString(frames.Bytes.Span)));
}
