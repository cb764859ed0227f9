using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Countersign.Cli.Tests.Clients;

/// <summary>OpenAI's own .NET client; its Responses half is in <see cref="OpenAiResponsesClientTests"/>.</summary>
[Collection(ClientTests.Name)]
public sealed class OpenAiClientTests(ServedGateway gateway)
{
    private const string Person = """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}""";

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", "The weather in a city.", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task Chat_IsAnswered(string model)
    {
        ChatCompletion completion = await Chat(model).CompleteChatAsync([new SystemChatMessage("Be brief."), new UserChatMessage("hi")], cancellationToken: Cancellation);
        Assert.Equal(ScriptedModel.Hello, completion.Content[0].Text);
        Assert.Equal((ChatFinishReason.Stop, 1000, 100, 200), (completion.FinishReason, completion.Usage.InputTokenCount, completion.Usage.OutputTokenCount, completion.Usage.InputTokenDetails.CachedTokenCount));
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task Chat_Streamed_EndsWithItsUsage(string model)
    {
        var text = new StringBuilder();
        List<ChatTokenUsage> usages = [];
        await foreach (var update in Chat(model).CompleteChatStreamingAsync([new UserChatMessage("hi")], cancellationToken: Cancellation))
        {
            foreach (var part in update.ContentUpdate) text.Append(part.Text);
            if (update.Usage is { } usage) usages.Add(usage);
        }

        Assert.Equal(ScriptedModel.Hello, text.ToString());
        Assert.Equal((1000, 100), (Assert.Single(usages).InputTokenCount, usages[0].OutputTokenCount));
    }

    [Theory]
    [InlineData("openai-plain")]
    [InlineData("openai-gated")]
    public async Task Chat_ThatTheUpstreamDidNotCount_HasNoUsage(string model)
    {
        ChatCompletion completion = await Chat(model).CompleteChatAsync([new UserChatMessage("count nothing")], cancellationToken: Cancellation);
        Assert.Equal((ScriptedModel.Hello, null), (completion.Content[0].Text, completion.Usage));
        await foreach (var update in Chat(model).CompleteChatStreamingAsync([new UserChatMessage("count nothing")], cancellationToken: Cancellation)) Assert.Null(update.Usage);
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task ToolCall_Streamed_ComesWhole(string model)
    {
        var (id, name, arguments) = ("", "", new StringBuilder());
        ChatFinishReason? finish = null;
        await foreach (var update in Chat(model).CompleteChatStreamingAsync([new UserChatMessage("Weather in Paris?")], new ChatCompletionOptions { Tools = { Weather } }, Cancellation))
        {
            finish = update.FinishReason ?? finish;
            foreach (var call in update.ToolCallUpdates)
            {
                (id, name) = (call.ToolCallId ?? id, call.FunctionName ?? name);
                arguments.Append(call.FunctionArgumentsUpdate?.ToString());
            }
        }

        Assert.NotEmpty(id);
        Assert.Equal(("get_weather", "Paris", (ChatFinishReason?)ChatFinishReason.ToolCalls), (name, City(arguments.ToString()), finish));
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task ToolLoop_GoesRound(string model)
    {
        List<ChatMessage> messages = [new UserChatMessage("Weather in Paris?")];
        var options = new ChatCompletionOptions { Tools = { Weather }, ToolChoice = ChatToolChoice.CreateRequiredChoice() };
        ChatCompletion called = await Chat(model).CompleteChatAsync(messages, options, Cancellation);
        var call = Assert.Single(called.ToolCalls);
        Assert.Equal("Paris", City(call.FunctionArguments.ToString()));
        messages.AddRange([new AssistantChatMessage(called), new ToolChatMessage(call.Id, "21 degrees")]);
        ChatCompletion answered = await Chat(model).CompleteChatAsync(messages, new ChatCompletionOptions { Tools = { Weather } }, Cancellation);
        Assert.Equal(ScriptedModel.AfterTool, answered.Content[0].Text);
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task Schema_IsKept(string model)
    {
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("person", BinaryData.FromString(Person), jsonSchemaIsStrict: true) };
        ChatCompletion completion = await Chat(model).CompleteChatAsync([new UserChatMessage("Ada is 36.")], options, Cancellation);
        Assert.Equal(36, JsonDocument.Parse(completion.Content[0].Text).RootElement.GetProperty("age").GetInt32());
    }

    [Fact]
    public async Task Embedding_InBase64_IsReadByTheClient()
    {
        var client = new EmbeddingClient("openai-plain", new ApiKeyCredential(ServedGateway.Key), Options());
        OpenAIEmbedding embedding = await client.GenerateEmbeddingAsync("hi", cancellationToken: Cancellation);
        Assert.Equal([0.5f, -0.25f], embedding.ToFloats().ToArray());
    }

    [Theory]
    [InlineData("openai-plain", "status 400", 400)]
    [InlineData("anthropic-plain", "status 400", 400)]
    [InlineData("openai-gated", "status 400", 400)]
    [InlineData("openai-plain", "status 429", 429)]
    [InlineData("anthropic-plain", "status 429", 429)]
    [InlineData("nobody", "hi", 404)]
    public async Task Refusal_HasItsStatus(string model, string message, int status)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(async () => await Chat(model).CompleteChatAsync([new UserChatMessage(message)], cancellationToken: Cancellation));
        Assert.Equal(status, error.Status);
        await Assert.ThrowsAsync<ClientResultException>(async () => { await foreach (var _ in Chat(model).CompleteChatStreamingAsync([new UserChatMessage(message)], cancellationToken: Cancellation)) { } });
    }

    [Fact]
    public async Task Key_Unknown_Is401()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(async () => await Chat("openai-plain", "cs-nobody").CompleteChatAsync([new UserChatMessage("hi")], cancellationToken: Cancellation));
        Assert.Equal(401, error.Status);
        Assert.Contains("API key", error.Message);
    }

    private ChatClient Chat(string model, string key = ServedGateway.Key) => new(model, new ApiKeyCredential(key), Options());

    private OpenAIClientOptions Options() => new() { Endpoint = gateway.V1, RetryPolicy = new ClientRetryPolicy(0) };

    private static string? City(string arguments) => JsonDocument.Parse(arguments).RootElement.GetProperty("city").GetString();
}
