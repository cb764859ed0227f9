using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Tests.Dispatch;

public sealed class DispatcherTests
{
    private readonly DispatchScene scene = new();

    [Fact]
    public async Task Answer_Complete_IsRecordedWithModelUsageAndCost()
    {
        scene.With("a").Provider.Answer("a");

        var events = await scene.AskAsync("a");

        Assert.Equal("hello", Assert.Single(events.OfType<TextDelta>()).Text);
        var record = Assert.Single(scene.Trace.Attempts);
        Assert.Equal(("a", "p", "a-model", "a-model-0613"), (record.Deployment, record.Provider, record.RequestModel, record.ResponseModel));
        Assert.Equal((AttemptStatus.Completed, FinishReason.Stop), (record.Status, record.FinishReason));
        Assert.Equal(1000, record.Usage!.InputTokens);
        Assert.Equal(Cost.Of(0.002m), record.Cost);
        Assert.NotNull(record.TimeToFirstToken);
    }

    [Fact]
    public async Task Answer_OfUnknownPrice_CostsUnknown()
    {
        scene.With(DispatchScene.Deployment("a") with { Prices = [] }).Provider.Answer("a");

        await scene.AskAsync("a");

        Assert.Equal(Cost.Unknown, scene.Trace.TotalCost);
    }

    [Fact]
    public async Task Deployment_ImpliedByProviderAndModel_AnswersAtUnknownCost()
    {
        scene.Provider.Answer("p/org/new").Answer("p/other");

        var events = await scene.AskAsync("p/org/new", "p/other");

        Assert.Equal("hello", Assert.Single(events.OfType<TextDelta>()).Text);
        var record = Assert.Single(scene.Trace.Attempts);
        Assert.Equal(("p/org/new", "p", "org/new"), (record.Deployment, record.Provider, record.RequestModel));
        Assert.Equal(Cost.Unknown, scene.Trace.TotalCost);
    }

    [Fact]
    public async Task Price_WithValidFrom_IsTheOneOfTheDay()
    {
        var prices = new[] { new Price { Input = 1, Output = 0 }, new Price { Input = 2, Output = 0, ValidFrom = new DateOnly(2026, 3, 1) }, new Price { Input = 9, Output = 0, ValidFrom = new DateOnly(2026, 3, 2) } };
        scene.With(DispatchScene.Deployment("a") with { Prices = prices }).Provider.Answer("a");

        await scene.AskAsync("a");

        Assert.Equal(Cost.Of(0.002m), scene.Trace.TotalCost);
    }

    [Fact]
    public async Task Failure_BeforeFirstEvent_FallsBackInOrderAndRecordsBoth()
    {
        scene.With("a", "b", "c").Provider.Fail("a", 500).Answer("b").Answer("c");

        var events = await scene.AskAsync("a", "b", "c");

        Assert.Equal(["a", "b"], scene.Provider.Calls);
        Assert.Contains(events, e => e is TextDelta);
        Assert.Equal([AttemptStatus.Failed, AttemptStatus.Completed], scene.Trace.Attempts.Select(attempt => attempt.Status));
        Assert.Equal([Cost.Zero, Cost.Of(0.002m)], scene.Trace.Attempts.Select(attempt => attempt.Cost));
        Assert.Equal("a", scene.Trace.Attempts[0].Problem!.Source);
    }

    [Fact]
    public async Task Failure_OfAll_EndsWithTheLastProblem()
    {
        scene.With("a", "b").Provider.Fail("a", 500).Fail("b", 503);

        var events = await scene.AskAsync("a", "b");

        Assert.Equal(503, Assert.IsType<AttemptFailed>(Assert.Single(events)).Problem.UpstreamStatus);
    }

    [Theory]
    [InlineData(400, null, false)]
    [InlineData(422, null, false)]
    [InlineData(400, "context_length_exceeded", true)]
    [InlineData(401, null, true)]
    [InlineData(404, null, true)]
    [InlineData(413, null, true)]
    public async Task Refusal_OfTheRequestItself_IsNotTakenElsewhere(int status, string? code, bool goesOn)
    {
        scene.With("a", "b").Provider.Fail("a", new Problem(ProblemKind.InvalidRequest, "no", Code: code, UpstreamStatus: status)).Answer("b");

        await scene.AskAsync("a", "b");

        Assert.Equal(goesOn ? ["a", "b"] : ["a"], scene.Provider.Calls);
    }

    [Fact]
    public async Task Failure_AfterTheFirstEvent_IsPassedOnWithoutRetryOrFallback()
    {
        scene.With(DispatchScene.Deployment("a") with { Retry = new RetryOptions { Attempts = 3 } }, DispatchScene.Deployment("b"));
        scene.Provider.Events("a", new TextDelta(0, "he"), new AttemptFailed(new Problem(ProblemKind.UpstreamFailed, "cut"))).Answer("b");

        var events = await scene.AskAsync("a", "b");

        Assert.Equal("cut", Assert.IsType<AttemptFailed>(events[^1]).Problem.Message);
        Assert.Equal(2, events.Count);
        Assert.Equal(["a"], scene.Provider.Calls);
        var record = Assert.Single(scene.Trace.Attempts);
        Assert.Equal((AttemptStatus.Failed, false), (record.Status, record.Cost.IsComplete));
    }

    [Fact]
    public async Task Call_ThatCannotEvenBegin_IsAFailedAttempt_AndAnotherIsAsked()
    {
        scene.With("a", "b").Provider.Add("a", (_, _) => throw new ProblemException(new Problem(ProblemKind.UpstreamUnavailable, "nobody there"))).Answer("b");

        var events = await scene.AskAsync("a", "b");

        Assert.Contains(events, e => e is TextDelta);
        Assert.Equal([AttemptStatus.Failed, AttemptStatus.Completed], scene.Trace.Attempts.Select(attempt => attempt.Status));
        Assert.Equal("nobody there", scene.Trace.Attempts[0].Problem!.Message);
    }

    [Fact]
    public async Task Timeout_IsRecordedAsSuch()
    {
        scene.With("a").Provider.Fail("a", new Problem(ProblemKind.Timeout, "slow"));

        await scene.AskAsync("a");

        Assert.Equal(AttemptStatus.TimedOut, scene.Trace.Attempts[0].Status);
        Assert.Equal(Cost.Unknown with { IsComplete = false }, scene.Trace.Attempts[0].Cost);
    }

    [Fact]
    public async Task Provider_WithoutAnyEvent_IsAFailure()
    {
        scene.With("a").Provider.Events("a");

        var events = await scene.AskAsync("a");

        Assert.Equal(ProblemKind.UpstreamFailed, Assert.IsType<AttemptFailed>(Assert.Single(events)).Problem.Kind);
        Assert.Equal(AttemptStatus.Failed, scene.Trace.Attempts[0].Status);
    }

    [Fact]
    public async Task Cancellation_WhileWaitingForTheFirstEvent_ClosesTheRecordAndThrows()
    {
        scene.With("a").Provider.Stall("a");
        using var caller = new CancellationTokenSource();
        var trace = new RequestTrace();
        await using var events = scene.Build().AttemptAsync(DispatchScene.Attempt("a"), trace, caller.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        var first = events.MoveNextAsync();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
        Assert.Equal((AttemptStatus.Cancelled, false), (trace.Attempts[0].Status, trace.Attempts[0].Cost.IsComplete));
    }

    [Fact]
    public async Task Cancellation_WithinTheStream_ClosesTheRecordAndThrows()
    {
        scene.With("a").Provider.Stall("a", new TextDelta(0, "x"));
        using var caller = new CancellationTokenSource();
        var trace = new RequestTrace();
        var events = scene.Build().AttemptAsync(DispatchScene.Attempt("a"), trace, caller.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await events.MoveNextAsync());

        var next = events.MoveNextAsync();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        await events.DisposeAsync();
        Assert.Equal(AttemptStatus.Cancelled, trace.Attempts[0].Status);
    }

    [Fact]
    public async Task Caller_WhoStopsEarly_LeavesACutOffRecordAndAFreePlace()
    {
        scene.With(DispatchScene.Deployment("a") with { Concurrency = new ConcurrencyOptions { Limit = 1, Queue = 0 } }).Provider.Answer("a");
        var trace = new RequestTrace();
        var dispatcher = scene.Build();
        await foreach (var _ in dispatcher.AttemptAsync(DispatchScene.Attempt("a"), trace, TestContext.Current.CancellationToken)) break;

        Assert.Equal(AttemptStatus.CutOff, trace.Attempts[0].Status);
        Assert.IsNotType<AttemptFailed>((await scene.AskAsync(dispatcher, "a"))[^1]);
    }

    [Fact]
    public async Task Record_IsClosedBeforeTheLastWireFramesAreHandedOn()
    {
        scene.With("a").Provider.Events("a",
            new WireFrames("data: x\n\n"u8.ToArray(), false), new UsageReported(new Usage { InputTokens = 10, OutputTokens = 1 }), new WireFrames("data: [DONE]\n\n"u8.ToArray(), true));
        var trace = new RequestTrace();

        var seen = new List<AttemptStatus>();
        await foreach (var e in scene.Build().AttemptAsync(DispatchScene.Attempt("a"), trace, TestContext.Current.CancellationToken))
        {
            if (e is WireFrames) seen.Add(trace.Attempts[0].Status);
        }

        Assert.Equal([AttemptStatus.Running, AttemptStatus.Completed], seen);
        Assert.Equal(Cost.Of(0.00002m), trace.TotalCost);
    }

    [Fact]
    public async Task Target_OfNoName_IsNotFound()
    {
        var events = await scene.AskAsync("nobody");

        var problem = Assert.IsType<AttemptFailed>(Assert.Single(events)).Problem;
        Assert.Equal((ProblemKind.NotFound, "model_not_found"), (problem.Kind, problem.Code));
        Assert.Empty(scene.Trace.Attempts);
    }

    [Fact]
    public void PriceOf_Pool_IsTheDearestOfEachFigure()
    {
        var dear = new Price { Input = 1, Output = 2, Tiers = [new PriceTier(1000, new Price { Input = 3, Output = 1 })] };
        scene.With(DispatchScene.Deployment("a") with { Prices = [dear] }, DispatchScene.Deployment("b") with { Prices = [new Price { Input = 2, Output = 5, PerRequest = 0.01m }] });
        scene.With(DispatchScene.Deployment("free") with { Prices = [] });
        var dispatcher = scene.WithPool("ab", new("a"), new("b")).WithPool("unknown", new("a"), new("free")).Build();

        var price = dispatcher.PriceOf("ab")!;
        Assert.Equal((3m, 5m, 0.01m), (price.Input, price.Output, price.PerRequest));
        Assert.Null(dispatcher.PriceOf("unknown"));
        Assert.Null(dispatcher.PriceOf("nobody"));
        Assert.Same(dear, dispatcher.PriceOf("a"));
    }
    [Fact]
    public void MaxOutputTokensOf_Pool_IsTheLargest()
    {
        scene.With(DispatchScene.Deployment("a") with { MaxOutputTokens = 10 }, DispatchScene.Deployment("b") with { MaxOutputTokens = 20 });
        var dispatcher = scene.WithPool("ab", new("a"), new("b")).Build();
        Assert.Equal((20, 10), (dispatcher.MaxOutputTokensOf("ab"), dispatcher.MaxOutputTokensOf("a")));
    }
}
