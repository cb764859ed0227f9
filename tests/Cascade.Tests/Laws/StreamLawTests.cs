using Countersign.Cascade.Attempts;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

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
