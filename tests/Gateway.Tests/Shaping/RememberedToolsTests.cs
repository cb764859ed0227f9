using System.Text;
using Countersign.Gateway.Shaping;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Tests.Shaping;

public sealed class RememberedToolsTests
{
    /// <summary>Callers with ever new tools must not take the memory from all others for good.</summary>
    [Fact]
    public void Check_AfterThousandsOfOtherTools_StillRemembersTheLast()
    {
        for (int number = 0; number < 5_000; number++) ToolChecks.Check(With($"f{number}"));
        var last = With("last");
        ToolChecks.Check(last);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ToolChecks.Check(last);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    private static WireRequest With(string tool) => WireRequestScanner.Scan(WireApiKind.OpenAiChat, Encoding.UTF8.GetBytes(
        """{"model":"m","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"NAME","parameters":{"type":"object"}}}]}""".Replace("NAME", tool, StringComparison.Ordinal)));
}
