using System.Text;
using Countersign.Cascade.Attempts;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Providers.Http;
using Countersign.Gateway.Tests.Upstreams;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Tests.Providers;

/// <summary>What comes before the answer proper (comments, heads, pings) is no answer: it is held back, and no time limit is kept by it.</summary>
public sealed class HeadTests : IAsyncLifetime
{
    private const string Comment = ": OPENROUTER PROCESSING\n\n";
    private const string Role = "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
    private const string Start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"m\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\n";
    private const string Overload = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
    private const string Created = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"model\":\"m\"}}\n\n";
    private const string Failed = "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_is_overloaded\",\"message\":\"Overloaded\"}}}\n\n";
    private const string Counted = "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_is_overloaded\",\"message\":\"Overloaded\"},\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n";
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(400);

    private HttpScene scene = null!;

    public async ValueTask InitializeAsync()
    {
        scene = await HttpScene.StartAsync();
        scene.Retry = new RetryOptions { Attempts = 1, Delay = TimeSpan.FromMilliseconds(1) };
    }

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Theory]
    [InlineData(WireApiKind.OpenAiChat, Comment + Role + "data: {\"error\":{\"code\":503,\"message\":\"Overloaded\"}}\n\n", true)]
    [InlineData(WireApiKind.OpenAiChat, Comment + Role + "data: {\"error\":{\"code\":503,\"message\":\"Overloaded\"}}\n\n", false)]
    [InlineData(WireApiKind.AnthropicMessages, Start + Overload, true)]
    [InlineData(WireApiKind.AnthropicMessages, Start + Overload, false)]
    [InlineData(WireApiKind.OpenAiResponses, Created + Failed, true)]
    [InlineData(WireApiKind.OpenAiResponses, Created + Failed, false)]
    public async Task Overload_BeforeTheAnswerProper_IsTriedAgain(WireApiKind api, string begun, bool passed)
    {
        scene.Api = ApiOf(api);
        scene.Upstream.Then(http => Script.WriteFramesAsync(http, begun.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame + "\n\n"), TimeSpan.FromMilliseconds(20))).Then(Script.Answer());

        var events = await scene.AskAsync(passed ? HttpScene.Passed(api, stream: true) : HttpScene.Judged(api, stream: true));

        Assert.Equal([AttemptStatus.Failed, AttemptStatus.Completed], scene.Trace.Attempts.Select(attempt => attempt.Status));
        Assert.DoesNotContain(events, e => e is AttemptFailed);
        Assert.DoesNotContain("OPENROUTER", Text(events), StringComparison.Ordinal);
        Assert.True(scene.Trace.IsAwaited);
    }

    /// <summary>All of it comes in one read.</summary>
    [Theory]
    [InlineData(WireApiKind.OpenAiChat, Role + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}\n\ndata: {\"error\":{\"code\":503,\"message\":\"Overloaded\"}}\n\n")]
    [InlineData(WireApiKind.AnthropicMessages, Start + Overload)]
    [InlineData(WireApiKind.OpenAiResponses, Created + Counted)]
    public async Task Failure_ThatCounted_IsBilledAsCounted(WireApiKind api, string begun)
    {
        scene.Api = ApiOf(api);
        scene.Upstream.Then(Script.Raw("text/event-stream", begun)).Then(Script.Answer()).Then(Script.Raw("text/event-stream", begun)).Then(Script.Answer());

        await scene.AskAsync(HttpScene.Passed(api, stream: true));
        await scene.AskAsync(HttpScene.Judged(api, stream: true));

        Assert.Equal([AttemptStatus.Failed, AttemptStatus.Completed, AttemptStatus.Failed, AttemptStatus.Completed], scene.Trace.Attempts.Select(attempt => attempt.Status));
        Assert.All(scene.Trace.Attempts.Where(attempt => attempt.Status == AttemptStatus.Failed), attempt => Assert.Equal(9, attempt.Usage?.InputTokens));
    }

    [Theory, InlineData("\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\"}]"), InlineData("\"refusal\":\"hm\"")]
    public async Task Beginning_ThatIsNoText_IsNotHeldBackForAThoughtInTheText(string delta)
    {
        scene.Model = "qwen3-8b";
        scene.Timeouts = new TimeoutOptions { Idle = Soon };
        scene.Upstream.Then(async http =>
        {
            await Script.WriteFramesAsync(http, [Role, $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{{delta}}},\"finish_reason\":null}}]}}\n\n"], TimeSpan.Zero);
            await Script.Stall()(http);
        });

        var events = await scene.AskAsync(Attempt(passed: true));

        Assert.Contains("\"hm\"", Text(events), StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Comments_ForLong_AreNoFirstToken(bool passed)
    {
        scene.Timeouts = new TimeoutOptions { FirstToken = Soon };
        scene.Upstream.Then(http => Script.WriteFramesAsync(http, [Role, .. Enumerable.Repeat(Comment, 100)], TimeSpan.FromMilliseconds(50)));

        var failed = Assert.IsType<AttemptFailed>(Assert.Single(await scene.AskAsync(Attempt(passed)), e => e is not AnswerStarted));

        Assert.Equal("first_token_timeout", failed.Problem.Code);
        Assert.Null(scene.Record.TimeToFirstToken);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Comments_WithinTheAnswer_AreNoTokens(bool passed)
    {
        scene.Timeouts = new TimeoutOptions { Idle = Soon };
        scene.Upstream.Then(async http =>
        {
            await Script.WriteFramesAsync(http, ApiAnswers.Frames(http).Take(2), TimeSpan.Zero);
            await Script.WriteFramesAsync(http, Enumerable.Repeat(Comment, 100), TimeSpan.FromMilliseconds(50));
        });

        var events = await scene.AskAsync(Attempt(passed));

        Assert.Equal("idle_timeout", Assert.IsType<AttemptFailed>(events[^1]).Problem.Code);
        Assert.Equal(passed, Text(events).Contains(Comment, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Comments_BeforeAnAnswer_ArePassedOnWithItsBeginning()
    {
        string[] frames = [];
        scene.Upstream.Then(http => Script.WriteFramesAsync(http, frames = [Comment, .. ApiAnswers.Frames(http)], TimeSpan.FromMilliseconds(20)));

        var events = await scene.AskAsync(Attempt(passed: true));

        string first = Encoding.UTF8.GetString(Assert.IsType<WireFrames>(events[0]).Bytes.Span);
        Assert.StartsWith(Comment + frames[1] + frames[2], first, StringComparison.Ordinal);
        Assert.Equal(string.Concat(frames[..5]) + frames[^1], Text(events));
    }

    [Theory]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[],"prompt_filter_results":[{"severity":"safe"}]}""", true)]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":null,"refusal":null,"annotations":[]},"logprobs":null,"finish_reason":null}],"usage":null}""", true)]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[{"index":1,"text":"","finish_reason":null}]}""", true)]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[{"index":0,"text":"a"}]}""", false)]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[{"index":0,"delta":{"role":"assistant","content":" "}}]}""", false)]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[{"index":0,"delta":{"content":[{"type":"thinking"}]}}]}""", false)]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[{"index":0,"delta":{"audio":{"id":"a"}}}]}""", false)]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[{"index":0,"delta":{"refusal":"no"}}]}""", false)]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", false)]
    [InlineData(WireApiKind.OpenAiChat, "", "[DONE]", false)]
    [InlineData(WireApiKind.OpenAiChat, "", """{"choices":[{"delta":""", false)]
    [InlineData(WireApiKind.AnthropicMessages, "message_start", "{}", true)]
    [InlineData(WireApiKind.AnthropicMessages, "ping", "{}", true)]
    [InlineData(WireApiKind.AnthropicMessages, "content_block_start", "{}", false)]
    [InlineData(WireApiKind.OpenAiResponses, "response.in_progress", "{}", true)]
    [InlineData(WireApiKind.OpenAiResponses, "response.output_item.added", "{}", false)]
    public void Head_IsWhatSaysNothingYet(WireApiKind api, string type, string data, bool isHead) =>
        Assert.Equal(isHead, FrameRules.IsHead(api, Encoding.UTF8.GetBytes(type), Encoding.UTF8.GetBytes(data)));

    private static ProviderApi ApiOf(WireApiKind api) => api switch { WireApiKind.AnthropicMessages => ProviderApi.Anthropic, WireApiKind.OpenAiResponses => ProviderApi.OpenAiResponses, _ => ProviderApi.OpenAi };

    private static string Text(IEnumerable<ChatEvent> events) => string.Concat(events.OfType<WireFrames>().Select(frames => Encoding.UTF8.GetString(frames.Bytes.Span)));

    private static AttemptRequest Attempt(bool passed) => passed ? HttpScene.Passed(WireApiKind.OpenAiChat, stream: true) : HttpScene.Judged(WireApiKind.OpenAiChat, stream: true);
}
