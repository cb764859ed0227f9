using Countersign.Cascade.Attempts;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;

namespace Countersign.Cascade.Tests.Laws;

/// <summary>A validator that could not run says unknown; the route says what that means, a rejection unless it says else.</summary>
public class VerdictLawTests
{
    private readonly ScriptedAttempter attempter = new ScriptedAttempter(TimeProvider.System).On("weak", "42").On("strong", "43");

    [Fact]
    public async Task Unknown_ByDefault_Rejects()
    {
        var run = await Run.OfAsync(Run.Route(new FakeValidator(draft => draft.Answer.Text == "42" ? Verdict.Unknown("no server") : Verdict.Accept)), attempter);
        Assert.Equal("43", run.Text);
    }

    [Fact]
    public async Task Unknown_WhereTheRouteAcceptsIt_Passes()
    {
        var run = await Run.OfAsync(Run.Route(new FakeValidator(_ => Verdict.Unknown("no server"))) with { UnknownMeans = VerdictKind.Accept }, attempter);
        Assert.Equal(("42", VerdictKind.Unknown), (run.Text, run.Trace.Verdicts[0].Verdict.Kind));
    }

    [Fact]
    public async Task BrokenValidator_IsUnknownAndQuotesNothing()
    {
        var run = await Run.OfAsync(Run.Route(new FakeValidator(draft => throw new FormatException(draft.Answer.Text))), attempter);
        Assert.Equal(CascadeEnd.BestSoFar, run.Trace.End);
        Assert.All(run.Trace.Verdicts, verdict => Assert.Equal("fake broke (FormatException).", verdict.Verdict.Findings[0].Message));
        Assert.All(run.Trace.Verdicts, verdict => Assert.Equal(VerdictKind.Unknown, verdict.Verdict.Kind));
    }
}
