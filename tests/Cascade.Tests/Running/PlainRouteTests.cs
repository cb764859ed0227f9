using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Cascade.Tests.Running;

public class PlainRouteTests
{
    private readonly ScriptedAttempter attempter = new(TimeProvider.System);
    private readonly Route route = Run.Route() with { Escalation = [] };

    [Fact]
    public async Task Plain_Answer_PassesEventByEvent()
    {
        attempter.On("weak", Script.Says("forty-two", pieces: 3));
        var run = await Run.OfAsync(route, attempter);
        Assert.Equal("forty-two", run.Text);
        Assert.Equal(3, run.Events.OfType<TextDelta>().Count());
        Assert.Equal((CascadeEnd.Answered, false), (run.Trace.End, run.Trace.Accepted));
        Assert.Same(run.Trace.Attempts[0], run.Trace.Winner);
        Assert.Equal(AttemptPurpose.Plain, run.Trace.Attempts[0].Purpose);
    }

    [Fact]
    public async Task Plain_WireFrames_PassAndTheEndIsKnownBeforeTheLast()
    {
        attempter.On("weak", Script.Of(new WireFrames("a"u8.ToArray(), false), new WireFrames("b"u8.ToArray(), true)));
        var wire = new WireRequest { Api = WireApiKind.OpenAiChat, Body = "{}"u8.ToArray(), Model = "route" };
        var trace = new RequestTrace();
        var ends = new List<CascadeEnd>();
        var request = new Cascade.Running.CascadeRequest { Route = route, Wire = wire };
        await foreach (var _ in new Cascade.Running.CascadeRunner(TimeProvider.System).RunAsync(request, trace, attempter, CancellationToken.None)) ends.Add(trace.End);
        Assert.Equal([CascadeEnd.Running, CascadeEnd.Answered], ends);
        Assert.Same(wire, attempter.Asked[0].PassThrough);
    }

    [Fact]
    public async Task Plain_StageWithSettings_AsksWithThemAndWithoutTheCallersBytes()
    {
        attempter.On("weak", "x");
        var wire = new WireRequest { Api = WireApiKind.OpenAiChat, Body = "{}"u8.ToArray(), Model = "route" };
        var set = route with { Draft = route.Draft with { Temperature = 0.5, MaxOutputTokens = 9, Thinking = new Thinking(ThinkingLevel.Low), Fallback = ["other"] } };
        await Run.OfAsync(set, attempter, with: request => request with { Wire = wire });
        var asked = attempter.Asked[0];
        Assert.Null(asked.PassThrough);
        Assert.Equal((0.5, 9, ThinkingLevel.Low), (asked.Request.Temperature, asked.Request.MaxOutputTokens, asked.Request.Thinking!.Level));
        Assert.Equal(["weak", "other"], asked.Targets);
    }

    [Fact]
    public async Task Plain_FailureBeforeAnything_IsTheOnlyEvent()
    {
        attempter.On("weak", Script.Of(new AnswerStarted("id", null), Script.Fails().Steps[0].Event));
        var run = await Run.OfAsync(route, attempter);
        Assert.IsType<AttemptFailed>(Assert.Single(run.Events));
        Assert.Equal((CascadeEnd.Failed, null), (run.Trace.End, run.Trace.Winner));
    }

    [Fact]
    public async Task Plain_FailureAfterSomeText_ComesLast()
    {
        attempter.On("weak", Script.Of(new AnswerStarted("id", null), new TextDelta(0, "forty"), Script.Fails().Steps[0].Event));
        var run = await Run.OfAsync(route, attempter);
        Assert.Equal("forty", run.Text);
        Assert.IsType<AttemptFailed>(run.Events[^1]);
        Assert.Equal((CascadeEnd.Failed, null), (run.Trace.End, run.Trace.Winner));
    }

    [Fact]
    public async Task Plain_EmptyAnswer_IsAnswered()
    {
        attempter.On("weak", Script.Of(new AnswerStarted("id", "m")));
        var run = await Run.OfAsync(route, attempter);
        Assert.Single(run.Events);
        Assert.Equal(CascadeEnd.Answered, run.Trace.End);
    }

    [Fact]
    public async Task Plain_CallerLeaves_IsCancelledAndClosed()
    {
        using var source = new CancellationTokenSource();
        attempter.On("weak", Script.Says("forty-two", pieces: 3).Before(2, _ => source.CancelAsync()).Stalls(3, TimeProvider.System));
        var run = new Run();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.GoAsync(route, attempter, cancellationToken: source.Token));
        Assert.Equal((CascadeEnd.Cancelled, AttemptStatus.Cancelled), (run.Trace.End, run.Trace.Attempts[0].Status));
        Assert.Equal(0, attempter.Running);
    }

    [Fact]
    public async Task Plain_Deadline_EndsWithATimeout()
    {
        var time = new FakeTime();
        attempter.On("weak", Script.Says("forty-two", pieces: 3).Before(2, _ => { time.Advance(TimeSpan.FromSeconds(2)); return Task.CompletedTask; }).Stalls(3, time));
        var run = await Run.OfAsync(route with { Limits = new RouteLimits(Deadline: TimeSpan.FromSeconds(1)) }, attempter, time);
        Assert.Equal(ProblemKind.Timeout, run.Failure!.Problem.Kind);
        Assert.Equal((CascadeEnd.Failed, AttemptStatus.TimedOut), (run.Trace.End, run.Trace.Attempts[0].Status));
    }
}
