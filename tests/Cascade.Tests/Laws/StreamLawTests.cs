using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Tests.Validators;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Tests;

namespace Countersign.Cascade.Tests.Laws;

/// <summary>No byte of a rejected draft ever reaches a client.</summary>
public class StreamLawTests
{
    private const int Streams = 12_000;

    [Fact]
    public async Task RejectedDrafts_TwelveThousandRandomCascades_NeverShow()
    {
        int accepted = 0, agreed = 0, cutOff = 0, escalated = 0, cancelled = 0, failed = 0;
        for (int seed = 0; seed < Streams; seed++)
        {
            using var cascade = new RandomCascade(seed);
            await cascade.RunAsync();
            CheckOne(cascade, seed);
            accepted += cascade.Trace.Accepted ? 1 : 0;
            agreed += cascade.Trace.Verdicts.Any(verdict => verdict is { Validator: "agreement", Verdict.Kind: VerdictKind.Accept }) ? 1 : 0;
            cutOff += cascade.Trace.Attempts.Any(attempt => attempt.Status is AttemptStatus.CutOff) ? 1 : 0;
            escalated += cascade.Trace.Winner is { Stage: > 0 } ? 1 : 0;
            cancelled += cascade.Threw ? 1 : 0;
            failed += cascade.Trace.End is CascadeEnd.Failed ? 1 : 0;
        }

        // The law means something only where all of these happen.
        Assert.All([accepted, agreed, cutOff, escalated, cancelled, failed], count => Assert.InRange(count, Streams / 100, Streams));
    }

    public static TheoryData<string, string> Judges => new()
    {
        { "command", """{"run":["sh","-c","! grep -q BAD"]}""" },
        { "judge", """{"deployment":"judge","rubric":"?"}""" },
        { "forbids", """{"patterns":["BAD"]}""" },
    };

    [Theory]
    [MemberData(nameof(Judges))]
    public async Task SecondChoice_Rejected_NeitherChoiceShows(string name, string options)
    {
        if (name == "command" && !OperatingSystem.IsLinux()) Missing.Skip("a Linux shell");
        var attempter = new ScriptedAttempter(TimeProvider.System).On("weak", Script.SaysEach("good", "BAD second")).On("strong", Script.SaysEach("better", "best"))
            .On("judge", Script.Says("""{"findings":[],"score":1}"""), Script.Says("""{"findings":["bad"],"score":0}"""), Script.Says("""{"findings":[],"score":1}"""));
        var run = await Run.OfAsync(Run.Route(Drafts.Validator(name, options)), attempter);
        Assert.Equal(("betterbest", CascadeEnd.Accepted), (run.Text, run.Trace.End));
        Assert.Equal([VerdictKind.Reject, VerdictKind.Accept], run.Trace.Verdicts.Select(verdict => verdict.Verdict.Kind));
        Assert.StartsWith("choices[1]", run.Trace.Verdicts[0].Verdict.Findings[0].Where, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondChoice_ThatDoesNotAgree_NeitherChoiceShows()
    {
        var attempter = new ScriptedAttempter(TimeProvider.System).On("a", Script.SaysEach("42", "BAD 7")).On("b", Script.SaysEach("42", "42")).On("c", Script.SaysEach("it is 42", "42.0"));
        var route = Run.Route() with { Draft = new Stage { Deployments = ["a", "b", "c"], Agreement = new AgreementPolicy(2, "number") } };
        var run = await Run.OfAsync(route, attempter);
        Assert.Equal(("4242", CascadeEnd.Accepted, "b"), (run.Text, run.Trace.End, run.Trace.Winner!.Deployment));
    }

    private static void CheckOne(RandomCascade cascade, int seed)
    {
        Assert.DoesNotContain(cascade.Text, char.IsUpper);
        if (cascade.Trace.Winner is { } winner)
        {
            Assert.True(cascade.Text == cascade.Said[winner.Number], $"seed {seed}: the client got '{cascade.Text}', the winner said '{cascade.Said[winner.Number]}'.");
            Assert.Equal(CascadeEnd.Accepted, cascade.Trace.End);
        }
        else
        {
            Assert.All(cascade.Events, chatEvent => Assert.IsType<AttemptFailed>(chatEvent));
            Assert.Equal(cascade.Threw ? CascadeEnd.Cancelled : CascadeEnd.Failed, cascade.Trace.End);
        }
    }
}
