using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Helpers;
using Anthropic.Models.Messages;
using Anthropic.Services;

namespace Countersign.Cli.Tests.Clients;

/// <summary>Anthropic's own .NET client.</summary>
[Collection(ClientTests.Name)]
public sealed class AnthropicClientTests(ServedGateway gateway)
{
    private static readonly Tool Weather = new()
    {
        Name = "get_weather",
        Description = "The weather in a city.",
        InputSchema = new InputSchema { Properties = new Dictionary<string, JsonElement> { ["city"] = Json("""{"type":"string"}""") }, Required = ["city"] },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task Message_IsAnswered(string model)
    {
        var message = await Client().Messages.Create(Ask(model, "hi") with { System = "Be brief." }, Cancellation);
        Assert.Equal(ScriptedModel.Hello, TextOf(message));
        Assert.Equal((800, 200, 100), (message.Usage.InputTokens, message.Usage.CacheReadInputTokens, message.Usage.OutputTokens));
        Assert.Equal("end_turn", message.StopReason?.Raw());
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task Message_Streamed_EndsWithItsUsage(string model)
    {
        var text = new StringBuilder();
        long? output = null;
        bool stopped = false;
        await foreach (var streamed in Client().Messages.CreateStreaming(Ask(model, "hi"), Cancellation))
        {
            if (streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var part)) text.Append(part.Text);
            if (streamed.TryPickDelta(out var end)) output = end.Usage.OutputTokens;
            stopped |= streamed.TryPickStop(out _);
        }

        Assert.Equal((ScriptedModel.Hello, 100, true), (text.ToString(), output, stopped));
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task ToolCall_Streamed_ComesWhole(string model)
    {
        var (name, arguments) = ("", new StringBuilder());
        await foreach (var streamed in Client().Messages.CreateStreaming(Ask(model, "Weather in Paris?") with { Tools = [Weather] }, Cancellation))
        {
            if (streamed.TryPickContentBlockStart(out var start) && start.ContentBlock.TryPickToolUse(out var call)) name = call.Name;
            if (streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickInputJson(out var part)) arguments.Append(part.PartialJson);
        }

        Assert.Equal(("get_weather", "Paris"), (name, Json(arguments.ToString()).GetProperty("city").GetString()));
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task ToolLoop_GoesRound(string model)
    {
        var asked = Ask(model, "Weather in Paris?") with { Tools = [Weather] };
        var called = await Client().Messages.Create(asked, Cancellation);
        var call = called.Content.Select(block => block.TryPickToolUse(out var use) ? use : null).First(use => use is not null)!;
        Assert.Equal("Paris", call.Input["city"].GetString());

        var answered = await Client().Messages.Create(asked with
        {
            Messages =
            [
                .. asked.Messages,
                new AssistantMessageParam(new List<ContentBlockParam> { new ToolUseBlockParam { ID = call.ID, Name = call.Name, Input = call.Input } }),
                new UserMessageParam(new List<ContentBlockParam> { new ToolResultBlockParam(call.ID) { Content = "21 degrees" } }),
            ],
        }, Cancellation);
        Assert.Equal(ScriptedModel.AfterTool, TextOf(answered));
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task Schema_OfAClass_IsParsedIntoIt(string model)
    {
        var message = await Client().Messages.Create<Person>(Ask(model, "Ada is 36."), Cancellation);
        var person = Assert.Single(message.Content).Parsed();
        Assert.Equal(("Ada", 36, "end_turn"), (person?.Name, person?.Age, message.StopReason?.Raw()));
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task Schema_Streamed_IsParsedToo(string model)
    {
        var asked = Ask(model, "Ada is 36.") with { OutputConfig = new OutputConfig { Format = StructuredOutput.CreateJsonFormat<Person>() } };
        var text = new StringBuilder();
        await foreach (var streamed in Client().Messages.CreateStreaming(asked, Cancellation))
        {
            if (streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var part)) text.Append(part.Text);
        }

        var person = StructuredOutput.Parse<Person>(text.ToString());
        Assert.Equal(("Ada", 36), (person.Name, person.Age));
    }

    [Fact]
    public async Task Schema_ThatTheModelMisses_IsNotCaughtByTheClient_ButByTheGate()
    {
        var missed = await Client().Messages.Create<Person>(Ask("anthropic-weak", "Ada is 36."), Cancellation);
        Assert.Equal(0, Assert.Single(missed.Content).Parsed()?.Age);
        var gated = await Client().Messages.Create<Person>(Ask("anthropic-gated", "Ada is 36."), Cancellation);
        Assert.Equal(36, Assert.Single(gated.Content).Parsed()?.Age);
    }

    [Theory]
    [InlineData("openai-plain")]
    [InlineData("openai-gated")]
    public async Task Tokens_ThatTheUpstreamDidNotCount_AreNumbersToTheClient(string model)
    {
        var message = await Client().Messages.Create(Ask(model, "count nothing"), Cancellation);
        Assert.Equal((ScriptedModel.Hello, 0, 0), (TextOf(message), message.Usage.InputTokens, message.Usage.OutputTokens));
        await foreach (var streamed in Client().Messages.CreateStreaming(Ask(model, "count nothing"), Cancellation))
        {
            if (streamed.TryPickDelta(out var end)) Assert.Equal(0, end.Usage.OutputTokens);
        }
    }

    [Theory]
    [InlineData("anthropic-plain")]
    [InlineData("anthropic-gated")]
    public async Task Tokens_AreCountedByTheUpstream(string model)
    {
        var counted = await Client().Messages.CountTokens(new MessageCountTokensParams { Model = model, Messages = [new UserMessageParam("hi")] }, Cancellation);
        Assert.Equal(42, counted.InputTokens);
    }

    [Fact]
    public async Task Tokens_ThatNobodyCanCount_AreARefusal() => await Assert.ThrowsAsync<AnthropicBadRequestException>(async () =>
        await Client().Messages.CountTokens(new MessageCountTokensParams { Model = "openai-plain", Messages = [new UserMessageParam("hi")] }, Cancellation));

    [Fact]
    public async Task Refusals_AreTheClientsOwnExceptions()
    {
        await Assert.ThrowsAsync<AnthropicBadRequestException>(() => Client().Messages.Create(Ask("anthropic-plain", "status 400"), Cancellation));
        await Assert.ThrowsAsync<AnthropicBadRequestException>(() => Client().Messages.Create(Ask("openai-gated", "status 400"), Cancellation));
        await Assert.ThrowsAsync<AnthropicRateLimitException>(() => Client().Messages.Create(Ask("openai-plain", "status 429"), Cancellation));
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => Client().Messages.Create(Ask("nobody", "hi"), Cancellation));
        await Assert.ThrowsAsync<AnthropicUnauthorizedException>(() => Client("cs-nobody").Messages.Create(Ask("anthropic-plain", "hi"), Cancellation));
    }

    private AnthropicClient Client(string key = ServedGateway.Key) => new() { BaseUrl = gateway.Address, ApiKey = key, MaxRetries = 0 };

    private static MessageCreateParams Ask(string model, string text) => new() { Model = model, MaxTokens = 1024, Messages = [new UserMessageParam(text)] };

    private static string TextOf(Message message) => string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : ""));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    /// <summary>What the schema is made of, and the answer read into.</summary>
    [SchemaClass("A person.")]
    private sealed class Person
    {
        [SchemaProperty("The first name.")]
        public string Name { get; set; } = "";

        [SchemaProperty("In whole years.")]
        public int Age { get; set; }
    }
}
