using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Tests.Running;

public class GatedRouteTests
{
    private readonly ScriptedAttempter attempter = new(TimeProvider.System);

    [Fact]
    public async Task Gated_GoodDraft_IsReplayedInOrder()
    {
        attempter.On("weak", Script.Says("the answer is 42", pieces: 3));
        var run = await Run.OfAsync(Run.Route(FakeValidator.Wants("42")), attempter);
        Assert.Equal(3, run.Events.OfType<TextDelta>().Count());
        Assert.Equal("the answer is 42", run.Text);
        Assert.IsType<AnswerStarted>(run.Events[0]);
        Assert.Equal((CascadeEnd.Accepted, true, 1), (run.Trace.End, run.Trace.Accepted, run.Trace.Winner!.Number));
        Assert.Equal(VerdictKind.Accept, Assert.Single(run.Trace.Verdicts).Verdict.Kind);
    }

    [Fact]
    public async Task Gated_BadDraft_EscalatesAndOnlyTheWinnerComesOut()
    {
        attempter.On("weak", "41").On("strong", "42");
        var run = await Run.OfAsync(Run.Route(FakeValidator.Wants("42")), attempter);
        Assert.Equal("42", run.Text);
        Assert.Equal([AttemptPurpose.Draft, AttemptPurpose.Escalation], run.Trace.Attempts.Select(attempt => attempt.Purpose));
        Assert.Equal((1, 2), (run.Trace.Winner!.Stage, run.Trace.Winner.Number));
    }

    [Fact]
    public async Task Gated_Validators_RunCheapestFirstAndStopAtTheFirstReject()
    {
        var dear = FakeValidator.Wants("x", ValidatorCost.Model);
        var cheap = FakeValidator.Wants("42");
        attempter.On("weak", "41").On("strong", "42 x");
        var run = await Run.OfAsync(Run.Route(dear, cheap), attempter);
        Assert.Equal((1, 2), (dear.Calls, cheap.Calls));
        Assert.Equal(["wants_42", "wants_42", "wants_x"], run.Trace.Verdicts.Select(verdict => verdict.Validator));
    }

    [Fact]
    public async Task Gated_FailedDraft_CountsAsReject()
    {
        attempter.On("weak", Script.Fails()).On("strong", "42");
        var run = await Run.OfAsync(Run.Route(FakeValidator.Wants("42")), attempter);
        Assert.Equal("42", run.Text);
        Assert.Empty(run.Events.OfType<AttemptFailed>());
    }

    [Fact]
    public async Task Gated_EveryAttemptFailed_EndsWithTheLastProblem()
    {
        attempter.On("weak", Script.Fails(ProblemKind.RateLimited)).On("strong", Script.Fails(ProblemKind.UpstreamUnavailable));
        var run = await Run.OfAsync(Run.Route(FakeValidator.Wants("42")), attempter);
        Assert.Equal(ProblemKind.UpstreamUnavailable, Assert.IsType<AttemptFailed>(Assert.Single(run.Events)).Problem.Kind);
        Assert.Equal(CascadeEnd.Failed, run.Trace.End);
    }

    [Fact]
    public async Task Gated_NonePasses_BestSoFarHasTheMostAccepts()
    {
        attempter.On("weak", "42").On("strong", "41");
        var run = await Run.OfAsync(Run.Route(FakeValidator.Wants("42"), FakeValidator.Wants("x", ValidatorCost.Network)), attempter);
        Assert.Equal("42", run.Text);
        Assert.Equal((CascadeEnd.BestSoFar, false, 1), (run.Trace.End, run.Trace.Accepted, run.Trace.Winner!.Number));
    }

    [Fact]
    public async Task Gated_NonePassesAndTheRouteWantsAnError_NamesTheChecksAndNotWhatTheyFound()
    {
        attempter.On("weak", "40").On("strong", "41");
        var run = await Run.OfAsync(Run.Route(FakeValidator.Wants("42")) with { WhenExhausted = WhenExhausted.Error }, attempter);
        var problem = Assert.IsType<AttemptFailed>(Assert.Single(run.Events)).Problem;
        Assert.Equal(ProblemKind.NotCountersigned, problem.Kind);
        Assert.Contains("wants_42", problem.Message);
        Assert.DoesNotContain("missing", problem.Message);
    }

    [Fact]
    public async Task Gated_CondemnedPrefix_IsCutOffAtOnceAndNeverBest()
    {
        bool wentOn = false;
        attempter.On("weak", Script.Says("abcX", pieces: 4).Before(5, _ => { wentOn = true; return Task.CompletedTask; })).On("strong", Script.Fails());
        var run = await Run.OfAsync(Run.Route(FakeValidator.Forbids("X")), attempter);
        Assert.False(wentOn);
        Assert.Equal(AttemptStatus.CutOff, run.Trace.Attempts[0].Status);
        Assert.True(Assert.Single(run.Trace.Verdicts).OnPrefix);
        Assert.Equal(ProblemKind.NotCountersigned, Assert.IsType<AttemptFailed>(Assert.Single(run.Events)).Problem.Kind);
        Assert.True(attempter.Asked[0].Request.Stream);
    }

    [Fact]
    public async Task Gated_MendedDraft_ReplacesTheText()
    {
        attempter.On("weak", Script.Says("```42```", pieces: 3));
        var mender = new FakeValidator(draft => Verdict.Accept with { Mended = draft.Answer with { Choices = [draft.Answer.Choices[0] with { Text = "42" }] } }, "mends");
        var sees = new FakeValidator(draft => draft.Answer.Text == "42" ? Verdict.Accept : Verdict.Reject(new Finding("unmended")), "sees", ValidatorCost.Network);
        var run = await Run.OfAsync(Run.Route(mender, sees), attempter);
        Assert.Equal("42", run.Text);
        Assert.Equal([typeof(AnswerStarted), typeof(TextDelta), typeof(ChoiceFinished), typeof(UsageReported)], run.Events.Select(chatEvent => chatEvent.GetType()));
    }

    [Fact]
    public async Task Gated_SeveralChoices_AreMendedEachAndScoredByTheWorst()
    {
        attempter.On("weak", Script.SaysEach("a!", "bb"));
        var mender = new FakeValidator(draft => draft.Answer.Choices is [{ Text: "a!" } choice] ? Verdict.AcceptWith(0.5) with { Mended = draft.Answer with { Choices = [choice with { Text = "a" }] } } : Verdict.AcceptWith(0.9));
        var run = await Run.OfAsync(Run.Route(mender), attempter);
        Assert.Equal(["a", "bb"], run.Events.OfType<TextDelta>().Select(delta => delta.Text));
        Assert.Equal(0.5, Assert.Single(run.Trace.Verdicts).Verdict.Score);
    }

    [Fact]
    public async Task Gated_SeveralChoices_UnknownOfOneIsUnknownUnlessOneIsRejected()
    {
        var route = Run.Route(new FakeValidator(draft => draft.Answer.Text switch { "?" => Verdict.Unknown("no server"), "no" => Verdict.Reject(new Finding("no")), _ => Verdict.Accept })) with { UnknownMeans = VerdictKind.Accept };
        var passed = await Run.OfAsync(route, attempter.On("weak", Script.SaysEach("?", "yes")).On("strong", "yes"));
        var rejected = await Run.OfAsync(route, attempter.On("weak", Script.SaysEach("?", "no")));
        Assert.Equal([VerdictKind.Unknown], passed.Trace.Verdicts.Select(verdict => verdict.Verdict.Kind));
        Assert.Equal([VerdictKind.Reject, VerdictKind.Accept], rejected.Trace.Verdicts.Select(verdict => verdict.Verdict.Kind));
        Assert.Equal(new Finding("no", "choices[1]"), rejected.Trace.Verdicts[0].Verdict.Findings.Single());
    }

    [Fact]
    public async Task Gated_MendedDraft_KeepsItsLogprobsForValidatorsOnly()
    {
        attempter.On("weak", Script.Of(new TextDelta(0, "```42```"), new LogprobsDelta(0, [new TokenLogprob("42", -0.1)]), new ChoiceFinished(0, FinishReason.Stop)));
        double? seen = null;
        var sure = new FakeValidator(draft => { seen = draft.Answer.Choices[0].Logprobs?[0].Logprob; return Verdict.Accept; }, "sure");
        var run = await Run.OfAsync(Run.Route(Mender("```42```", "42"), sure), attempter, request: Run.Question() with { Logprobs = true });
        Assert.Equal(("42", -0.1), (run.Text, seen));
        Assert.Empty(run.Events.OfType<LogprobsDelta>());
    }

    [Fact]
    public async Task Gated_PrefixAfterAMend_IsCondemnedForItsReasoningOnly()
    {
        attempter.On("weak", Script.Says("X42", pieces: 3));
        var forbids = FakeValidator.Forbids("X");
        Assert.Equal("42", (await Run.OfAsync(Run.Route(Mender("X42", "42"), forbids), attempter)).Text);
        var thinks = new FakeValidator(_ => Verdict.Accept) { Prefix = chatEvent => chatEvent is ReasoningDelta ? new Finding("thinks") : null };
        attempter.On("weak", Script.Of(new ReasoningDelta(0, "hm"), new TextDelta(0, "X42"))).On("strong", "X42");
        Assert.Equal(AttemptStatus.CutOff, (await Run.OfAsync(Run.Route(Mender("X42", "42"), thinks), attempter)).Trace.Attempts[0].Status);
    }

    [Fact]
    public async Task Gated_WithheldDraft_IsNeverBestWhoeverRejectedItFirst()
    {
        attempter.On("weak", "SECRET 42").On("strong", "41");
        var secret = new FakeValidator(draft => draft.Answer.Text.Contains("SECRET", StringComparison.Ordinal) ? Verdict.Reject(new Finding("a secret")) : Verdict.Accept, "secret") { Withholds = true };
        var run = await Run.OfAsync(Run.Route(FakeValidator.Wants("x"), secret) with { Repair = new RepairPolicy(1) }, attempter);
        Assert.Equal(("41", CascadeEnd.BestSoFar), (run.Text, run.Trace.End));
        Assert.Contains("a secret", attempter.Asked[1].Request.Messages[^1].Text, StringComparison.Ordinal);
        attempter.On("strong", "SECRET 43");
        Assert.IsType<AttemptFailed>(Assert.Single((await Run.OfAsync(Run.Route(FakeValidator.Wants("x"), secret), attempter)).Events));
    }

    [Fact]
    public async Task Gated_OutputCapOverrunWithheld_IsNeverBest()
    {
        attempter.On("weak", Script.Says("SECRET", output: 9)).On("strong", Script.Fails());
        var secret = new FakeValidator(_ => Verdict.Reject(new Finding("a secret")), "secret") { Withholds = true };
        var route = Run.Route(secret);
        Assert.IsType<AttemptFailed>(Assert.Single((await Run.OfAsync(route with { Draft = route.Draft with { MaxOutputTokens = 5 } }, attempter)).Events));
    }

    [Fact]
    public async Task Gated_DraftMendedIntoWhatIsWithheld_IsWithheld()
    {
        attempter.On("weak", "S/E/C").On("strong", Script.Fails());
        var secret = new FakeValidator(draft => draft.Answer.Text == "SEC" ? Verdict.Reject(new Finding("a secret")) : Verdict.Accept, "secret") { Withholds = true };
        var run = await Run.OfAsync(Run.Route(secret, Mender("S/E/C", "SEC")), attempter);
        Assert.IsType<AttemptFailed>(Assert.Single(run.Events));
        Assert.Equal(["secret", "mends", "secret"], run.Trace.Verdicts.Select(verdict => verdict.Validator));
    }

    [Fact]
    public async Task Gated_TrustedLastStage_StreamsUnjudged()
    {
        var validator = FakeValidator.Wants("42");
        attempter.On("weak", "40").On("strong", Script.Says("forty-two", pieces: 3));
        var route = Run.Route(validator) with { Escalation = [new Stage { Deployments = ["strong"], Trusted = true }] };
        var run = await Run.OfAsync(route, attempter);
        Assert.Equal("forty-two", run.Text);
        Assert.Equal((1, CascadeEnd.Answered, false), (validator.Calls, run.Trace.End, run.Trace.Accepted));
    }

    [Fact]
    public async Task Gated_TrustedLastStageFails_BestSoFarWins()
    {
        attempter.On("weak", "40").On("strong", Script.Fails());
        var route = Run.Route(FakeValidator.Wants("42")) with { Escalation = [new Stage { Deployments = ["strong"], Trusted = true }] };
        var run = await Run.OfAsync(route, attempter);
        Assert.Equal(("40", CascadeEnd.BestSoFar), (run.Text, run.Trace.End));
    }

    [Fact]
    public async Task Gated_OutputCapOverrun_IsARejection()
    {
        attempter.On("weak", Script.Says("42", FinishReason.Length)).On("strong", "42");
        var route = Run.Route(FakeValidator.Wants("42"));
        var run = await Run.OfAsync(route with { Draft = route.Draft with { MaxOutputTokens = 5 } }, attempter);
        Assert.Equal(2, run.Trace.Winner!.Number);
        Assert.Equal("max_output_tokens", run.Trace.Verdicts[0].Validator);
        Assert.Equal((5, null), (attempter.Asked[0].Request.MaxOutputTokens, attempter.Asked[1].Request.MaxOutputTokens));
    }

    [Fact]
    public async Task Gated_CallersOwnCap_IsNoOverrun()
    {
        attempter.On("weak", Script.Says("42", FinishReason.Length));
        var route = Run.Route(FakeValidator.Wants("42"));
        var run = await Run.OfAsync(route with { Draft = route.Draft with { MaxOutputTokens = 50 } }, attempter, request: Run.Question() with { MaxOutputTokens = 20 });
        Assert.Equal(CascadeEnd.Accepted, run.Trace.End);
    }

    [Fact]
    public async Task Gated_LogprobsForAValidator_AreAskedForAndKeptFromTheClient()
    {
        attempter.On("weak", Script.Of(new TextDelta(0, "42"), new LogprobsDelta(0, [new TokenLogprob("42", -0.1)]), new ChoiceFinished(0, FinishReason.Stop)));
        double? seen = null;
        var validator = new FakeValidator(draft => { seen = draft.Answer.Choices[0].Logprobs?[0].Logprob; return Verdict.Accept; }) { TopLogprobs = 2 };
        var run = await Run.OfAsync(Run.Route(validator), attempter);
        Assert.Equal(-0.1, seen);
        Assert.Equal((true, 2), (attempter.Asked[0].Request.Logprobs, attempter.Asked[0].Request.TopLogprobs));
        Assert.Empty(run.Events.OfType<LogprobsDelta>());
    }

    [Fact]
    public async Task Gated_LogprobsThatTheClientAskedForToo_HaveNoMoreThanItAskedFor()
    {
        attempter.On("weak", Script.Of(new TextDelta(0, "42"), new LogprobsDelta(0, [new TokenLogprob("42", -0.1, [new TokenLogprob("42", -0.1), new TokenLogprob("43", -3)])]), new ChoiceFinished(0, FinishReason.Stop)));
        var validator = new FakeValidator(_ => Verdict.Accept) { TopLogprobs = 2 };
        var run = await Run.OfAsync(Run.Route(validator), attempter, request: Run.Question() with { Logprobs = true, TopLogprobs = 1 });
        Assert.Single(run.Events.OfType<LogprobsDelta>().Single().Tokens[0].Top!);
    }

    [Fact]
    public async Task Gated_CallerLeavesWhileADraftRuns_EverythingIsClosed()
    {
        using var source = new CancellationTokenSource();
        attempter.On("weak", Script.Says("42").Before(1, _ => source.CancelAsync()).Stalls(2, TimeProvider.System));
        var run = new Run();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.GoAsync(Run.Route(FakeValidator.Wants("42")), attempter, cancellationToken: source.Token));
        Assert.Equal((CascadeEnd.Cancelled, AttemptStatus.Cancelled), (run.Trace.End, run.Trace.Attempts[0].Status));
        Assert.Empty(run.Events);
    }

    private static FakeValidator Mender(string from, string to) => new(
        draft => draft.Answer.Text == from ? Verdict.Accept with { Mended = draft.Answer with { Choices = [draft.Answer.Choices[0] with { Text = to }] } } : Verdict.Accept, "mends")
    { Mends = true };
}
