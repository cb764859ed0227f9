using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Running;

public class AgreementTests
{
    private readonly ScriptedAttempter attempter = new(TimeProvider.System);

    [Theory]
    [InlineData("42", "42", "7", "42", 2)] // decided: the third is not asked
    [InlineData("42", "7", "42", "42", 3)]
    [InlineData("7", "42", "42.0", "42", 3)]
    [InlineData("1", "2", "3", "strong", 4)]
    public async Task TwoOfThree_AreAskedOnlyWhileItMatters(string a, string b, string c, string answer, int attempts)
    {
        attempter.On("a", $"It is {a}").On("b", $"It is {b}").On("c", $"It is {c}").On("strong", "strong");
        var run = await Run.OfAsync(RouteOf(2, "a", "b", "c"), attempter);
        Assert.Contains(answer, run.Text);
        Assert.Equal(attempts, run.Trace.Attempts.Count);
        Assert.Equal(attempts == 4 ? CascadeEnd.Answered : CascadeEnd.Accepted, run.Trace.End);
    }

    [Fact]
    public async Task Unanimity_FirstDisagreement_EndsTheVote()
    {
        attempter.On("a", "1").On("b", "2").On("c", "1").On("strong", "3");
        var run = await Run.OfAsync(RouteOf(3, "a", "b", "c"), attempter);
        Assert.Equal(["a", "b", "strong"], run.Trace.Attempts.Select(attempt => attempt.Deployment));
        var verdict = Assert.Single(run.Trace.Verdicts);
        Assert.Equal(("agreement", VerdictKind.Reject), (verdict.Validator, verdict.Verdict.Kind));
        Assert.Equal("Of 2 drafts 1 say the same, and 3 must.", verdict.Verdict.Findings[0].Message);
    }

    [Fact]
    public async Task Agreed_WinnerIsTheFirstOfTheMajorityWithItsShare()
    {
        attempter.On("a", "7").On("b", "42 (b)").On("c", "42 (c)");
        var run = await Run.OfAsync(RouteOf(2, "a", "b", "c") with { Draft = Stage(2, "choice", "a", "b", "c") }, attempter.On("a", "A").On("b", "(B)").On("c", "B"));
        Assert.Equal("(B)", run.Text);
        var verdict = Assert.Single(run.Trace.Verdicts);
        Assert.Equal((2, VerdictKind.Accept), (verdict.Attempt, verdict.Verdict.Kind));
        Assert.Equal(2.0 / 3, verdict.Verdict.Score!.Value, 6);
    }

    [Fact]
    public async Task Samples_TakeTurnsAndGetSeedsOfTheirOwn()
    {
        attempter.On("a", "1", "2").On("b", "3", "2");
        var route = RouteOf(2, "a", "b");
        var run = await Run.OfAsync(route with { Draft = route.Draft with { Samples = 2 } }, attempter, request: Run.Question() with { Seed = 5 });
        Assert.Equal(["a", "b", "a", "b"], run.Trace.Attempts.Select(attempt => attempt.Deployment));
        Assert.Equal([5, 5, 6, 6], attempter.Asked.Select(asked => asked.Request.Seed!.Value));
        Assert.Equal("2", run.Text);
    }

    [Fact]
    public async Task ToolCalls_AreComparedAsCalls()
    {
        attempter.On("a", Script.Calls(new ToolCall("1", "add", """{"x":1,"y":2}"""))).On("b", Script.Calls(new ToolCall("2", "add", """{ "y": 2, "x": 1 }""")));
        var run = await Run.OfAsync(RouteOf(2, "a", "b"), attempter);
        Assert.Equal(CascadeEnd.Accepted, run.Trace.End);
        Assert.Equal("1", run.Events.OfType<ToolCallDelta>().Single().Id);
    }

    [Fact]
    public async Task FailedAndRejectedDrafts_HaveNoVote()
    {
        attempter.On("a", Script.Fails()).On("b", "41").On("c", "42").On("d", "42");
        var run = await Run.OfAsync(RouteOf(2, "a", "b", "c", "d") with { Validators = [FakeValidator.Wants("42")] }, attempter);
        Assert.Equal(("42", 3), (run.Text, run.Trace.Winner!.Number));
    }

    [Fact]
    public async Task ModelValidators_JudgeTheWinnerOnly()
    {
        var judge = FakeValidator.Wants("42", ValidatorCost.Model);
        attempter.On("a", "42").On("b", "42");
        await Run.OfAsync(RouteOf(2, "a", "b") with { Validators = [judge] }, attempter);
        Assert.Equal(1, judge.Calls);
    }

    [Fact]
    public async Task NoAgreementAnywhere_BestSoFarIsTheLargestGroup()
    {
        attempter.On("a", "1").On("b", "2").On("c", "2").On("d", "4").On("e", "5").On("strong", Script.Fails());
        var run = await Run.OfAsync(RouteOf(3, "a", "b", "c", "d", "e"), attempter);
        Assert.Equal(("2", CascadeEnd.BestSoFar), (run.Text, run.Trace.End));
    }

    [Fact]
    public async Task AnswersWithoutAForm_AgreeWithNothing()
    {
        attempter.On("a", "no idea").On("b", "no idea").On("strong", "42");
        Assert.Equal("42", (await Run.OfAsync(RouteOf(2, "a", "b"), attempter)).Text);
    }

    private static Stage Stage(int need, string by, params string[] deployments) => new() { Deployments = deployments, Agreement = new AgreementPolicy(need, by) };

    private static Route RouteOf(int need, params string[] deployments) => Run.Route() with { Draft = Stage(need, "number", deployments) };
}
