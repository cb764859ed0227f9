using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.ChatClients;
using Countersign.Cascade.Money;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Running;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Problems;
using Microsoft.Extensions.AI;

namespace Countersign.Cascade.Tests.ChatClients;

public class CascadeChatClientTests
{
    private readonly Dictionary<string, ChatClientDeployment> deployments = [];

    [Fact]
    public async Task Client_RejectedDraft_GivesTheWinnerTheTraceAndAllUsage()
    {
        deployments["weak"] = new(FakeChatClient.Saying("it is 41"), Price: new Price { Input = 1, Output = 1 });
        deployments["strong"] = new(FakeChatClient.Saying("it is 42"), Price: new Price { Input = 10, Output = 10 });
        var response = await Client(Run.Route(FakeValidator.Wants("42"))).GetResponseAsync("How much?");
        Assert.Equal("it is 42", response.Text);
        Assert.Equal((20, 40), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount));
        var trace = Assert.IsType<RequestTrace>(response.AdditionalProperties![CascadeChatClient.TraceKey]);
        Assert.Equal(("strong", Cost.Of(0.00033m)), (trace.Winner!.Deployment, trace.TotalCost));
        Assert.Equal("tiny", trace.Winner.ResponseModel);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task Client_Streams()
    {
        deployments["weak"] = new(FakeChatClient.Saying("one two three"));
        var updates = new List<string>();
        await foreach (var update in Client(Run.Route()).GetStreamingResponseAsync("Count!")) updates.Add(update.Text);
        Assert.Equal(["one", " two", " three", ""], updates);
    }

    [Fact]
    public async Task Client_ToolCalls_GoBothWays()
    {
        var tool = AIFunctionFactory.Create((int x) => x, "twice", "Doubles.");
        var client = new FakeChatClient((_, _) => [FakeChatClient.Update(new FunctionCallContent("c1", "twice", new Dictionary<string, object?> { ["x"] = 21 }))]);
        deployments["weak"] = new(client);
        var response = await Client(Run.Route()).GetResponseAsync("?", new ChatOptions { Tools = [tool], ToolMode = ChatToolMode.RequireAny, Temperature = 0.5f, StopSequences = ["x"] });
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents));
        Assert.Equal(("c1", "twice", 21), (call.CallId, call.Name, ((JsonElement)call.Arguments!["x"]!).GetInt32()));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        var options = client.Asked[0].Options!;
        Assert.Equal(("twice", 0.5f, "x"), (options.Tools![0].Name, options.Temperature, options.StopSequences![0]));
        Assert.Contains("\"x\"", Assert.IsAssignableFrom<AIFunctionDeclaration>(options.Tools[0]).JsonSchema.GetRawText());
        Assert.Equal(ChatToolMode.RequireAny, options.ToolMode);
    }

    [Fact]
    public async Task Client_ToolResult_ReachesTheModel()
    {
        var client = FakeChatClient.Saying("42");
        deployments["weak"] = new(client);
        ChatMessage[] messages =
        [
            new(ChatRole.User, "?"),
            new(ChatRole.Assistant, [new FunctionCallContent("c1", "twice", new Dictionary<string, object?> { ["x"] = 21 })]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", 42)]),
        ];
        await Client(Run.Route()).GetResponseAsync(messages);
        var asked = client.Asked[0].Messages;
        Assert.Equal(["user", "assistant", "tool"], asked.Select(message => message.Role.Value));
        Assert.Equal("42", Assert.IsType<FunctionResultContent>(asked[2].Contents[0]).Result);
    }

    [Fact]
    public async Task Client_NoDraftPasses_ThrowsTheProblem()
    {
        deployments["weak"] = deployments["strong"] = new(FakeChatClient.Saying("41"));
        var route = Run.Route(FakeValidator.Wants("42")) with { WhenExhausted = WhenExhausted.Error };
        var exception = await Assert.ThrowsAsync<ProblemException>(() => Client(route).GetResponseAsync("?"));
        Assert.Equal(ProblemKind.NotCountersigned, exception.Problem.Kind);
    }

    [Fact]
    public async Task Attempter_ClientThatFailsAtOnce_IsFollowedByTheNext()
    {
        deployments["weak"] = new(new FakeChatClient((_, _) => throw new HttpRequestException("no route to host")));
        deployments["other"] = new(FakeChatClient.Saying("42"));
        var route = Run.Route() with { Draft = new Stage { Deployments = ["weak"], Fallback = ["missing", "other"] } };
        var response = await Client(route).GetResponseAsync("?");
        var trace = (RequestTrace)response.AdditionalProperties![CascadeChatClient.TraceKey]!;
        Assert.Equal("42", response.Text);
        Assert.Equal([AttemptStatus.Failed, AttemptStatus.Completed], trace.Attempts.Select(attempt => attempt.Status));
        Assert.Equal("`weak` failed: no route to host", trace.Attempts[0].Problem!.Message);
    }

    [Fact]
    public async Task Attempter_ClientThatBreaksLater_Fails()
    {
        deployments["weak"] = new(new FakeChatClient((_, _) => Breaking()));
        var exception = await Assert.ThrowsAsync<ProblemException>(() => Client(Run.Route()).GetResponseAsync("?"));
        Assert.Equal(ProblemKind.UpstreamFailed, exception.Problem.Kind);
    }

    [Fact]
    public async Task Attempter_Cancelled_ClosesItsRecord()
    {
        using var source = new CancellationTokenSource();
        deployments["weak"] = new(new FakeChatClient((_, _) => [FakeChatClient.Update(new TextContent("4")), Cancel(source), FakeChatClient.Update(new TextContent("2"))]));
        var attempter = new ChatClientAttempter(deployments, TimeProvider.System);
        var run = new Run();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.GoAsync(Run.Route(FakeValidator.Wants("42")), attempter, cancellationToken: source.Token));
        Assert.Equal(AttemptStatus.Cancelled, Assert.Single(run.Trace.Attempts).Status);
    }

    [Fact]
    public async Task Options_WithoutAWord_AreWarnedOf()
    {
        deployments["weak"] = new(FakeChatClient.Saying("42"));
        var run = await Run.OfAsync(Run.Route(), new ChatClientAttempter(deployments, TimeProvider.System), request: Run.Question() with { Logprobs = true, ChoiceCount = 2 });
        Assert.Equal(2, run.Trace.Warnings.Count);
    }

    private CascadeChatClient Client(Route route) => new(route, new ChatClientAttempter(deployments, TimeProvider.System), new CascadeRunner(TimeProvider.System));

    private static IEnumerable<ChatResponseUpdate> Breaking()
    {
        yield return FakeChatClient.Update(new TextContent("4"));
        throw new IOException("cut");
    }

    private static ChatResponseUpdate Cancel(CancellationTokenSource source)
    {
        source.Cancel();
        return FakeChatClient.Update();
    }
}
