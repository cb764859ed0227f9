using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI.Responses;

namespace Countersign.Cli.Tests.Clients;

/// <summary>The Responses half of OpenAI's own .NET client.</summary>
[Collection(ClientTests.Name)]
public sealed class OpenAiResponsesClientTests(ServedGateway gateway)
{
    private const string City = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    private const string Person = """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}""";

    private readonly ResponsesClient client = new(new ApiKeyCredential(ServedGateway.Key), new ResponsesClientOptions { Endpoint = gateway.V1, RetryPolicy = new ClientRetryPolicy(0) });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task Response_WholeAndStreamed_IsTheSame(string model)
    {
        ResponseResult whole = await client.CreateResponseAsync(model, "hi", cancellationToken: Cancellation);
        Assert.Equal((ScriptedModel.Hello, 1000), (whole.GetOutputText(), whole.Usage.InputTokenCount));

        var streamed = await StreamAsync(new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem("hi")]));
        string deltas = string.Concat(streamed.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(update => update.Delta));
        Assert.Equal((ScriptedModel.Hello, ScriptedModel.Hello, 1000), (deltas, Completed(streamed).GetOutputText(), Completed(streamed).Usage.InputTokenCount));
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task FunctionCall_Whole_IsAnItemOfItsOwn(string model)
    {
        ResponseResult called = await client.CreateResponseAsync(AskWeather(model), Cancellation);
        var call = Assert.IsType<FunctionCallResponseItem>(Assert.Single(called.OutputItems));
        Assert.Equal(("get_weather", "Paris", (FunctionCallStatus?)FunctionCallStatus.Completed), (call.FunctionName, CityOf(call.FunctionArguments), call.Status));
        Assert.NotEmpty(call.CallId);
        Assert.Equal(ResponseStatus.Completed, called.Status);
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task FunctionCall_Streamed_EveryEventTellsTheSame(string model)
    {
        var streamed = await StreamAsync(AskWeather(model));
        var added = Assert.IsType<FunctionCallResponseItem>(Assert.Single(streamed.OfType<StreamingResponseOutputItemAddedUpdate>()).Item);
        var deltas = streamed.OfType<StreamingResponseFunctionCallArgumentsDeltaUpdate>().ToList();
        var argumentsDone = Assert.Single(streamed.OfType<StreamingResponseFunctionCallArgumentsDoneUpdate>());
        var done = Assert.IsType<FunctionCallResponseItem>(Assert.Single(streamed.OfType<StreamingResponseOutputItemDoneUpdate>()).Item);
        var whole = Assert.IsType<FunctionCallResponseItem>(Assert.Single(Completed(streamed).OutputItems));

        string arguments = string.Concat(deltas.Select(delta => delta.Delta.ToString()));
        Assert.Equal("Paris", CityOf(BinaryData.FromString(arguments)));
        Assert.All([argumentsDone.FunctionArguments, done.FunctionArguments, whole.FunctionArguments], end => Assert.Equal(arguments, end.ToString()));
        Assert.All([added.FunctionName, done.FunctionName, whole.FunctionName], name => Assert.Equal("get_weather", name));
        Assert.All([done.CallId, whole.CallId], id => Assert.Equal(added.CallId, id));
        Assert.All([.. deltas.Select(delta => delta.ItemId), argumentsDone.ItemId, done.Id, whole.Id], id => Assert.Equal(added.Id, id));
        Assert.Equal(Enumerable.Range(streamed[0].SequenceNumber, streamed.Count), streamed.Select(update => update.SequenceNumber));
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task ToolLoop_GoesRound(string model)
    {
        var options = AskWeather(model);
        ResponseResult called = await client.CreateResponseAsync(options, Cancellation);
        foreach (var item in called.OutputItems) options.InputItems.Add(item);
        foreach (var call in called.OutputItems.OfType<FunctionCallResponseItem>()) options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "21 degrees"));
        ResponseResult answered = await client.CreateResponseAsync(options, Cancellation);
        Assert.Equal(ScriptedModel.AfterTool, answered.GetOutputText());
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task ToolLoop_Streamed_GoesRound(string model)
    {
        var options = AskWeather(model);
        options.ToolChoice = ResponseToolChoice.CreateRequiredChoice();
        foreach (var update in (await StreamAsync(options)).OfType<StreamingResponseOutputItemDoneUpdate>())
        {
            options.InputItems.Add(update.Item);
            if (update.Item is FunctionCallResponseItem call) options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "21 degrees"));
        }

        options.ToolChoice = ResponseToolChoice.CreateAutoChoice();
        var answered = await StreamAsync(options);
        Assert.Equal(ScriptedModel.AfterTool, Completed(answered).GetOutputText());
        Assert.Equal(ScriptedModel.AfterTool, string.Concat(answered.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(update => update.Delta)));
    }

    [Theory]
    [MemberData(nameof(ServedGateway.Models), MemberType = typeof(ServedGateway))]
    public async Task Schema_IsKept(string model)
    {
        var format = ResponseTextFormat.CreateJsonSchemaFormat("person", BinaryData.FromString(Person), jsonSchemaIsStrict: true);
        var options = new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem("Ada is 36.")]) { TextOptions = new ResponseTextOptions { TextFormat = format } };
        ResponseResult response = await client.CreateResponseAsync(options, Cancellation);
        Assert.Equal(36, JsonDocument.Parse(response.GetOutputText()).RootElement.GetProperty("age").GetInt32());
    }

    [Theory]
    [InlineData("openai-plain", "status 400", 400)]
    [InlineData("anthropic-gated", "status 400", 400)]
    [InlineData("openai-plain", "status 429", 429)]
    [InlineData("nobody", "hi", 404)]
    public async Task Refusal_HasItsStatus(string model, string message, int status)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => client.CreateResponseAsync(model, message, cancellationToken: Cancellation));
        Assert.Equal(status, error.Status);
        var streamed = await Assert.ThrowsAsync<ClientResultException>(() => StreamAsync(new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem(message)])));
        Assert.Equal(status, streamed.Status);
    }

    private async Task<List<StreamingResponseUpdate>> StreamAsync(CreateResponseOptions options)
    {
        options.StreamingEnabled = true;
        var updates = new List<StreamingResponseUpdate>();
        await foreach (var update in await client.CreateResponseStreamingAsync(options, Cancellation)) updates.Add(update);
        return updates;
    }

    /// <summary>With nothing stored, as the gateway is stateless.</summary>
    private static CreateResponseOptions AskWeather(string model) => new(model, [ResponseItem.CreateUserMessageItem("Weather in Paris?")])
    {
        StoredOutputEnabled = false,
        Tools = { ResponseTool.CreateFunctionTool("get_weather", BinaryData.FromString(City), strictModeEnabled: true, "The weather in a city.") },
    };

    private static ResponseResult Completed(List<StreamingResponseUpdate> streamed) => Assert.Single(streamed.OfType<StreamingResponseCompletedUpdate>()).Response;

    private static string? CityOf(BinaryData arguments) => JsonDocument.Parse(arguments).RootElement.GetProperty("city").GetString();
}
