using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Tests.Running;

public class CapsTests
{
    private static readonly Price Dollar = new() { Input = 1, Output = 1 };
    private readonly ScriptedAttempter attempter = new(TimeProvider.System);
    private readonly Route route = Run.Route(FakeValidator.Wants("42"));

    [Fact]
    public async Task Attempts_UsedUp_BestSoFar()
    {
        attempter.On("weak", "40").On("strong", "42");
        var run = await Run.OfAsync(route with { Limits = new RouteLimits(MaxAttempts: 1) }, attempter);
        Assert.Equal(("40", CascadeEnd.BestSoFar, 1), (run.Text, run.Trace.End, run.Trace.Attempts.Count));
        Assert.Contains("1 attempts", Assert.Single(run.Trace.Warnings));
    }

    [Fact]
    public async Task Attempts_UsedUpAndTheRouteWantsAnError_SaysWhichCap()
    {
        attempter.On("weak", "40").On("strong", "42");
        var run = await Run.OfAsync(route with { Limits = new RouteLimits(MaxAttempts: 1), WhenExhausted = WhenExhausted.Error }, attempter);
        var problem = run.Failure!.Problem;
        Assert.Equal((ProblemKind.NotCountersigned, "limits.attempts"), (problem.Kind, problem.Param));
        Assert.Contains("wants_42", problem.Message);
        Assert.Contains("1 attempts", problem.Message);
    }

    [Fact]
    public async Task Attempts_Left_AreAllThatTheNextMayTakeWithItsRetries()
    {
        attempter.On("weak", "40").On("strong", "42");
        await Run.OfAsync(route with { Limits = new RouteLimits(MaxAttempts: 5) }, attempter);
        await Run.OfAsync(Run.Route() with { Limits = new RouteLimits(MaxAttempts: 2) }, attempter);
        Assert.Equal([5, 4, 2], attempter.Asked.Select(asked => asked.MaxCalls));
    }

    [Fact]
    public async Task Money_NextAttemptMightExceed_IsNotMade()
    {
        attempter.Prices["weak"] = Dollar;
        attempter.Prices["strong"] = new Price { Input = 1000, Output = 1000 };
        attempter.On("weak", "40").On("strong", "42");
        var run = await Run.OfAsync(route with { Limits = new RouteLimits(MaxUsd: 0.01m) }, attempter);
        Assert.Equal(("40", CascadeEnd.BestSoFar, 1), (run.Text, run.Trace.End, run.Trace.Attempts.Count));
        Assert.Equal(100, attempter.Asked[0].Request.MaxOutputTokens);
        Assert.Matches("^The best draft so far is given. An attempt at strong may cost up to .* lower the output limit", Assert.Single(run.Trace.Warnings));
    }

    [Fact]
    public async Task Caps_ThatStoppedNothing_AreNotTalkedOf()
    {
        attempter.Prices["weak"] = attempter.Prices["strong"] = Dollar;
        attempter.On("weak", "40").On("strong", "41");
        var run = await Run.OfAsync(route with { Limits = new RouteLimits(MaxUsd: 5) }, attempter);
        Assert.Equal((CascadeEnd.BestSoFar, 2), (run.Trace.End, run.Trace.Attempts.Count));
        Assert.Empty(run.Trace.Warnings);
    }

    [Fact]
    public async Task Money_ReservedForTheRequest_CapsToo()
    {
        attempter.Prices["weak"] = attempter.Prices["strong"] = Dollar;
        attempter.On("weak", "40").On("strong", "42");
        var run = await Run.OfAsync(route, attempter, with: request => request with { MaxUsd = 0.0000001m });
        Assert.Equal(ProblemKind.BudgetExceeded, run.Failure!.Problem.Kind);
        Assert.Empty(run.Trace.Attempts);
    }

    [Fact]
    public async Task Money_UnknownPrice_CannotBeCapped()
    {
        attempter.On("weak", "40");
        var run = await Run.OfAsync(route with { Escalation = [], Limits = new RouteLimits(MaxUsd: 5) }, attempter);
        Assert.Equal(ProblemKind.BudgetExceeded, run.Failure!.Problem.Kind);
        Assert.Contains("give its deployments a price", run.Failure.Problem.Message);
    }

    [Fact]
    public async Task Money_UnknownUsage_CountsAsTheBound()
    {
        attempter.Prices["weak"] = attempter.Prices["strong"] = Dollar;
        attempter.On("weak", Script.Of(Script.Says("40").Steps[1].Event)).On("strong", "42");
        var bound = UpperEstimate.OfAttempt(new AttemptRequest { Request = Run.Question(), Targets = ["weak"], Purpose = AttemptPurpose.Draft }, attempter).Usd;
        var short1 = await Run.OfAsync(route with { Limits = new RouteLimits(MaxUsd: 2 * bound - 0.000001m) }, attempter);
        var enough = await Run.OfAsync(route with { Limits = new RouteLimits(MaxUsd: 2 * bound) }, attempter);
        Assert.Equal((1, 2), (short1.Trace.Attempts.Count, enough.Trace.Attempts.Count));
    }

    [Fact]
    public async Task Deadline_WhileTheStrongStageRuns_BestSoFar()
    {
        var time = new FakeTime();
        attempter.On("weak", "40").On("strong", Script.Says("42").Before(1, _ => { time.Advance(TimeSpan.FromSeconds(61)); return Task.CompletedTask; }).Stalls(2, time));
        var run = await Run.OfAsync(route with { Limits = new RouteLimits(Deadline: TimeSpan.FromMinutes(1)) }, attempter, time);
        Assert.Equal(("40", CascadeEnd.BestSoFar), (run.Text, run.Trace.End));
        Assert.Equal(AttemptStatus.TimedOut, run.Trace.Attempts[1].Status);
    }

    [Fact]
    public async Task Deadline_BeforeAnyDraft_IsATimeout()
    {
        var time = new FakeTime();
        attempter.On("weak", Script.Says("42").Before(1, _ => { time.Advance(TimeSpan.FromSeconds(61)); return Task.CompletedTask; }).Stalls(2, time)).On("strong", "42");
        var run = await Run.OfAsync(route with { Limits = new RouteLimits(Deadline: TimeSpan.FromMinutes(1)) }, attempter, time);
        Assert.Equal(ProblemKind.Timeout, run.Failure!.Problem.Kind);
        Assert.Single(run.Trace.Attempts);
    }
}
