using Countersign.Replay.Upstream;

namespace Countersign.Replay.Tests.Upstream;

public sealed class FaultPlanTests
{
    [Fact]
    public void Draw_ManyCalls_KeepsTheRatesAndTheSeed()
    {
        var plan = FaultPlan.Parse("error=0.2,cut=0.1", 7);
        var drawn = Enumerable.Range(0, 5000).Select(call => plan.Draw("m", "p", call)).ToList();
        Assert.InRange(drawn.Count(fault => fault is Fault.Error), 900, 1100);
        Assert.InRange(drawn.Count(fault => fault is Fault.Cut), 420, 580);
        Assert.Equal(drawn, Enumerable.Range(0, 5000).Select(call => FaultPlan.Parse("error=0.2,cut=0.1", 7).Draw("m", "p", call)));
        Assert.NotEqual(drawn, Enumerable.Range(0, 5000).Select(call => FaultPlan.Parse("error=0.2,cut=0.1", 8).Draw("m", "p", call)));
    }

    [Theory]
    [InlineData("eror=0.2")]
    [InlineData("error")]
    [InlineData("error=2")]
    [InlineData("error=0.7,cut=0.4")]
    public void Parse_WrongText_SaysWhatIsWrong(string text) =>
        Assert.Contains(text.Contains(',', StringComparison.Ordinal) ? "more than 1" : "rate-limit", Assert.Throws<FormatException>(() => FaultPlan.Parse(text, 1)).Message);
}
