using Countersign.Cascade.Attempts;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Tests.Dispatch;

public sealed class ResilienceTests
{
    private static readonly RetryOptions Twice = new() { Attempts = 2, Delay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(10) };
    private readonly DispatchScene scene = new();

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Retry_OfAPassingFailure_IsAnAttemptOfItsOwn(int status)
    {
        scene.Clock.RunsThroughDelays = true;
        scene.With(DispatchScene.Deployment("a") with { Retry = Twice }).Provider.Fail("a", status).Fail("a", status).Answer("a");

        var events = await scene.AskAsync("a");

        Assert.Contains(events, e => e is TextDelta);
        Assert.Equal([AttemptStatus.Failed, AttemptStatus.Failed, AttemptStatus.Completed], scene.Trace.Attempts.Select(attempt => attempt.Status));
        Assert.Equal([1, 2, 3], scene.Trace.Attempts.Select(attempt => attempt.Number));
        Assert.InRange(scene.Clock.Delays[0].TotalSeconds, 0.5, 1);
        Assert.InRange(scene.Clock.Delays[1].TotalSeconds, 1, 2);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Retry_OfARefusal_IsNotMade(int status)
    {
        scene.With(DispatchScene.Deployment("a") with { Retry = Twice }).Provider.Fail("a", status);

        await scene.AskAsync("a");

        Assert.Single(scene.Trace.Attempts);
    }

    [Theory]
    [InlineData(1, "a")]
    [InlineData(2, "a a")]
    [InlineData(4, "a a a b")]
    [InlineData(9, "a a a b c")]
    public async Task Calls_AllowedToAnAttempt_HoldOverRetriesAndFallbacks(int calls, string asked)
    {
        scene.Clock.RunsThroughDelays = true;
        scene.With(DispatchScene.Deployment("a") with { Retry = Twice }).With("b", "c").Provider.Fail("a", 503).Fail("a", 503).Fail("a", 503).Fail("b", 503).Answer("c");

        var events = new List<ChatEvent>();
        await foreach (var chatEvent in scene.Build().AttemptAsync(DispatchScene.Attempt("a", "b", "c") with { MaxCalls = calls }, scene.Trace, TestContext.Current.CancellationToken)) events.Add(chatEvent);

        Assert.Equal(asked, string.Join(' ', scene.Provider.Calls));
        if (calls < 5) Assert.Equal(503, Assert.IsType<AttemptFailed>(Assert.Single(events)).Problem.UpstreamStatus);
    }

    [Fact]
    public async Task RetryAfter_WithinMaxDelay_IsWaitedFor()
    {
        scene.Clock.RunsThroughDelays = true;
        scene.With(DispatchScene.Deployment("a") with { Retry = Twice }).Provider.Fail("a", 429, TimeSpan.FromSeconds(7)).Answer("a");

        await scene.AskAsync("a");

        Assert.Equal([TimeSpan.FromSeconds(7)], scene.Clock.Delays);
    }

    [Fact]
    public async Task RetryAfter_BeyondMaxDelay_GoesToTheNextDeploymentAtOnce()
    {
        scene.With(DispatchScene.Deployment("a") with { Retry = Twice }, DispatchScene.Deployment("b")).Provider.Fail("a", 429, TimeSpan.FromSeconds(11)).Answer("b");

        await scene.AskAsync("a", "b");

        Assert.Equal(["a", "b"], scene.Provider.Calls);
        Assert.Empty(scene.Clock.Delays);
    }

    [Fact]
    public async Task Breaker_AfterFailures_RefusesWithoutACallThenTriesOne()
    {
        var options = new BreakerOptions { MinimumCalls = 4, OpenFor = TimeSpan.FromSeconds(15) };
        scene.With(DispatchScene.Deployment("a") with { Breaker = options });
        for (int i = 0; i < 5; i++) scene.Provider.Fail("a", 500);
        scene.Provider.Answer("a");
        var dispatcher = scene.Build();
        for (int i = 0; i < 4; i++) await scene.AskAsync(dispatcher, "a");

        var refused = Assert.IsType<AttemptFailed>(Assert.Single(await scene.AskAsync(dispatcher, "a"))).Problem;
        Assert.Equal((ProblemKind.UpstreamUnavailable, "breaker_open"), (refused.Kind, refused.Code));
        Assert.Equal(4, scene.Provider.Calls.Count);
        Assert.Empty(scene.Trace.Attempts);

        scene.Clock.Turn(TimeSpan.FromSeconds(16));
        Assert.Equal(500, Assert.IsType<AttemptFailed>((await scene.AskAsync(dispatcher, "a"))[^1]).Problem.UpstreamStatus);
        Assert.Equal("breaker_open", Assert.IsType<AttemptFailed>((await scene.AskAsync(dispatcher, "a"))[^1]).Problem.Code);

        scene.Clock.Turn(TimeSpan.FromSeconds(16));
        Assert.IsType<UsageReported>((await scene.AskAsync(dispatcher, "a"))[^1]);
        Assert.IsType<UsageReported>((await scene.AskAsync(dispatcher, "a"))[^1]);
    }

    [Fact]
    public async Task Breaker_OpenAtOne_FallsBackToTheNext()
    {
        scene.With(DispatchScene.Deployment("a") with { Breaker = new BreakerOptions { MinimumCalls = 2 } }, DispatchScene.Deployment("b"));
        scene.Provider.Fail("a", 500).Answer("b");
        var dispatcher = scene.Build();
        for (int i = 0; i < 3; i++) await scene.AskAsync(dispatcher, "a", "b");

        Assert.Equal(["a", "b", "a", "b", "b"], scene.Provider.Calls);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(429)]
    public async Task Breaker_RefusalsOfALivingUpstream_DoNotOpenIt(int status)
    {
        scene.With(DispatchScene.Deployment("a") with { Breaker = new BreakerOptions { MinimumCalls = 2 } }).Provider.Fail("a", status);
        var dispatcher = scene.Build();
        for (int i = 0; i < 6; i++) await scene.AskAsync(dispatcher, "a");

        Assert.Equal(6, scene.Provider.Calls.Count);
    }

    [Fact]
    public async Task Breaker_StreamsThatBreakAfterTheirStart_OpenIt()
    {
        scene.With(DispatchScene.Deployment("a") with { Breaker = new BreakerOptions { MinimumCalls = 4 } });
        scene.Provider.Events("a", new TextDelta(0, "x"), new AttemptFailed(new Problem(ProblemKind.UpstreamFailed, "cut")));
        var dispatcher = scene.Build();
        for (int i = 0; i < 3; i++) await scene.AskAsync(dispatcher, "a");

        Assert.Equal(2, scene.Provider.Calls.Count);
    }

    [Fact]
    public async Task Breaker_OfAnUndeclaredModel_LeavesTheProvidersOthersAlone()
    {
        scene.Clock.RunsThroughDelays = true;
        scene.Provider.Fail("p/bad", 500).Answer("p/good");
        var dispatcher = scene.Build();
        for (int i = 0; i < 12; i++) await scene.AskAsync(dispatcher, "p/bad");

        Assert.Equal("breaker_open", Assert.IsType<AttemptFailed>((await scene.AskAsync(dispatcher, "p/bad"))[^1]).Problem.Code);
        Assert.IsType<UsageReported>((await scene.AskAsync(dispatcher, "p/good"))[^1]);
    }

    [Fact]
    public void Breakers_OfUndeclaredModels_AreRememberedUpToABound()
    {
        var breakers = new RecentBreakers(new BreakerOptions(), scene.Clock);
        var (kept, dropped) = (breakers.Of("kept"), breakers.Of("dropped"));
        for (int i = 0; i < RecentBreakers.Most; i++)
        {
            Assert.Same(kept, breakers.Of("kept"));
            breakers.Of($"m{i}");
        }

        Assert.Same(kept, breakers.Of("kept"));
        Assert.NotSame(dropped, breakers.Of("dropped"));
    }

    [Fact]
    public async Task Breaker_StateOverAReload_IsKeptUnlessTheDeploymentIsAnother()
    {
        var deployment = DispatchScene.Deployment("a") with { Breaker = new BreakerOptions { MinimumCalls = 2 } };
        scene.With(deployment).Provider.Fail("a", 500);
        var dispatcher = scene.Build();
        for (int i = 0; i < 2; i++) await scene.AskAsync(dispatcher, "a");

        await scene.With(deployment with { Prices = [] }).AskAsync("a");
        Assert.Equal(2, scene.Provider.Calls.Count);

        await scene.With(deployment with { Model = "another" }).AskAsync("a");
        Assert.Equal(3, scene.Provider.Calls.Count);
    }

    [Fact]
    public async Task Queue_BeyondItsBound_RefusesAtOnceAndSaysHowLongItIs()
    {
        scene.With(DispatchScene.Deployment("a") with { Concurrency = new ConcurrencyOptions { Limit = 1, Queue = 1 } });
        scene.Provider.Stall("a", new TextDelta(0, "x")).Answer("a");
        var dispatcher = scene.Build();
        var running = dispatcher.AttemptAsync(DispatchScene.Attempt("a"), new RequestTrace(), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await running.MoveNextAsync());
        var waiting = scene.AskAsync(dispatcher, "a");

        var refused = Assert.IsType<AttemptFailed>(Assert.Single(await scene.AskAsync(dispatcher, "a"))).Problem;
        Assert.Equal((ProblemKind.RateLimited, "queue_full"), (refused.Kind, refused.Code));
        Assert.Contains("1 wait", refused.Message, StringComparison.Ordinal);
        Assert.False(waiting.IsCompleted);

        await running.DisposeAsync();
        Assert.IsType<UsageReported>((await waiting)[^1]);
    }

    [Fact]
    public async Task Queue_CallerWhoLeavesWhileWaiting_GivesThePlaceInTheQueueBack()
    {
        scene.With(DispatchScene.Deployment("a") with { Concurrency = new ConcurrencyOptions { Limit = 1, Queue = 1 } });
        scene.Provider.Stall("a", new TextDelta(0, "x")).Answer("a");
        var dispatcher = scene.Build();
        await using var running = dispatcher.AttemptAsync(DispatchScene.Attempt("a"), new RequestTrace(), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await running.MoveNextAsync());
        using var caller = new CancellationTokenSource();
        var trace = new RequestTrace();
        await using var leaving = dispatcher.AttemptAsync(DispatchScene.Attempt("a"), trace, caller.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var first = leaving.MoveNextAsync();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);

        var waiting = scene.AskAsync(dispatcher, "a");

        Assert.False(waiting.IsCompleted);
        Assert.Empty(trace.Attempts);
        await running.DisposeAsync();
        await waiting;
    }

    [Fact]
    public async Task Pool_ManyRequests_AreSharedByWeightAndFallBackToTheOthers()
    {
        scene.With("a", "b", "spare").WithPool("pool", new("a", 3), new("b", 1), new("spare", 0));
        scene.Provider.Answer("a").Answer("b").Answer("spare");
        var dispatcher = scene.Build();
        for (int i = 0; i < 400; i++) await scene.AskAsync(dispatcher, "pool");

        Assert.InRange(scene.Provider.Calls.Count(name => name == "a"), 270, 330);
        Assert.DoesNotContain("spare", scene.Provider.Calls);
    }

    [Fact]
    public async Task Pool_WhoseMembersFail_AsksEachOnceThenTheNextTarget()
    {
        scene.With("a", "b", "c").WithPool("pool", new("a"), new("b"));
        scene.Provider.Fail("a", 500).Fail("b", 500).Answer("c");

        await scene.AskAsync("pool", "b", "c");

        Assert.Equal(["a", "b", "c"], scene.Provider.Calls.Order());
        Assert.Equal("c", scene.Provider.Calls[^1]);
    }

    [Fact]
    public async Task Pool_SameSeed_DrawsTheSame()
    {
        async Task<List<string>> Draw()
        {
            var same = new DispatchScene { Seed = 7 }.With("a", "b").WithPool("pool", new("a"), new("b"));
            same.Provider.Answer("a").Answer("b");
            var dispatcher = same.Build();
            for (int i = 0; i < 20; i++) await same.AskAsync(dispatcher, "pool");
            return same.Provider.Calls;
        }

        Assert.Equal(await Draw(), await Draw());
    }
}
