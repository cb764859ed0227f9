using Countersign.Cli.Hub;

namespace Countersign.Cli.Tests.Hub;

/// <summary>Speed and time left, from a clock that the test moves.</summary>
public sealed class PaceTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void Pace_TellsSpeedOfTheLastSeconds_AndTimeLeft()
    {
        var clock = new Clock();
        var pace = new Pace(1000 * MiB, clock);
        Assert.Equal("500 MiB of 1000 MiB", pace.Tell(500 * MiB));
        Assert.Null(pace.Tell(501 * MiB));
        clock.Now += 1000;
        Assert.Equal("502 MiB of 1000 MiB, 2 MiB/s, 4 min 9 s left", pace.Tell(502 * MiB));
        clock.Now += 60_000;
        Assert.Equal("502 MiB of 1000 MiB, nothing comes", pace.Tell(502 * MiB));
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }
}
