using Countersign.Cascade.Money;

namespace Countersign.Cli.Tests;

public sealed class DollarsTests
{
    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(1234.567, "$1,234.57")]
    [InlineData(0.02, "$0.02000")]
    [InlineData(0.00000030259, "$0.0000003026")]
    public void Sum_Large_OrSmall_HasFourDigitsThatCount(double usd, string text) => Assert.Equal(text, Dollars.Text(usd));

    [Fact]
    public void Cost_ThatIsNotComplete_IsALowerBound() => Assert.Equal("at least $2.001", Dollars.Text(new Cost(2.001m, false)));
}
