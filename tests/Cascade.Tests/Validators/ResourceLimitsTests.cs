using Countersign.Cascade.Validators.Command;

namespace Countersign.Cascade.Tests.Validators;

public sealed class ResourceLimitsTests
{
    private const string Limits = """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max file size             1048576              268435456            bytes
        Max address space         unlimited            unlimited            bytes
        Max processes             256                  512                  processes
        """;

    [Theory]
    [InlineData("Max file size", 1000, 1000)]
    [InlineData("Max file size", 300_000_000, 268_435_456)]
    [InlineData("Max address space", 300_000_000, 300_000_000)]
    [InlineData("Max processes", 1024, 512)]
    [InlineData("Max nothing", 7, 7)]
    public void Limit_IsNeverAboveTheServersOwn(string name, long wanted, long allowed) => Assert.Equal(allowed, ResourceLimits.AtMost(wanted, name, Limits));

    [Fact]
    public void OwnLimits_AreReadOnLinux() => Assert.Equal(OperatingSystem.IsLinux(), ResourceLimits.Read().Contains("Max address space", StringComparison.Ordinal));
}
