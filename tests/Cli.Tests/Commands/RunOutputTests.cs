namespace Countersign.Cli.Tests.Commands;

/// <summary>What <c>run</c> may write over, and what it leaves as it is.</summary>
public sealed class RunOutputTests : RunScene
{
    [Fact]
    public async Task Output_OfOtherRequests_IsNotTakenForTheirs()
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi")]);
        await Run.Async(Order);
        await File.WriteAllLinesAsync(Input, [Line("a", "something else")]);
        Assert.Contains("another output file", (await Run.Async(Order)).Error);
    }

    [Theory]
    [InlineData("my notes\n")]
    [InlineData("{\"custom_id\":\"a\",\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]} }")]
    [InlineData("{\"id\":\"req_1\",\"custom_id\":\"a\"}\n")]
    public async Task Output_ThatNoRunWrote_IsLeftAsItIs(string text)
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi")]);
        await File.WriteAllTextAsync(Output, text);
        var ran = await Run.Async(Order);
        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.Contains("is no earlier output: no run wrote its line 1", ran.Error);
        Assert.Equal(text, await File.ReadAllTextAsync(Output));
        Assert.Empty(Upstream.Requests);
    }

    [Fact]
    public async Task Output_ThatIsTheInput_AlsoThroughALink_IsLeftAsItIs()
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi")]);
        string link = Path.Combine(Folder, "link.jsonl"), before = await File.ReadAllTextAsync(Input);
        File.CreateSymbolicLink(link, Input);
        foreach (string output in new[] { Input, link }) Assert.Contains("no earlier output", (await Run.Async(OrderTo(output))).Error);
        Assert.Equal(before, await File.ReadAllTextAsync(Input));
    }

    [Fact]
    public async Task Output_BehindALink_IsWrittenThere()
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi")]);
        string link = Path.Combine(Folder, "link.jsonl");
        File.CreateSymbolicLink(link, Output);
        for (int run = 0; run < 2; run++) Assert.Equal(0, (await Run.Async(OrderTo(link))).Code);
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(["a"], Answers().Keys);
    }

    [Fact]
    public async Task DeviceOrFolder_AsOutput_IsRefused()
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi")]);
        Assert.Contains("no file that a later run could go on with", (await Run.Async(OrderTo("/dev/null"))).Error);
        string inner = Directory.CreateDirectory(Path.Combine(Folder, "answers")).FullName;
        Assert.Equal($"'{inner}' is a folder. Name a file in it.\n", (await Run.Async(OrderTo(inner))).Error);
        Assert.Empty(Directory.EnumerateFiles(Folder, "answers.*"));
    }

    [Fact]
    public async Task Output_ThatOthersMayNotRead_StaysSo()
    {
        if (OperatingSystem.IsWindows()) return; // It has no such permissions.
        await File.WriteAllLinesAsync(Input, [Line("a", "hi")]);
        await Run.Async(Order);
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(Output, Own);
        Assert.Equal(0, (await Run.Async(Order)).Code);
        Assert.Equal(Own, File.GetUnixFileMode(Output));
    }

    [Fact]
    public async Task Run_OfAnUnknownRouteOrABadLine_LeavesTheOutputAsItIs()
    {
        await File.WriteAllLinesAsync(Input, [Line("good", "hi"), Line("bad", "status 400")]);
        await Run.Async(Order);
        string before = await File.ReadAllTextAsync(Output);
        Assert.Equal(1, (await Run.Async("run", "nothing", Input, "-o", Output, "--config", Config)).Code);
        await File.AppendAllTextAsync(Input, "nonsense\n");
        Assert.Equal(1, (await Run.Async(Order)).Code);
        Assert.Equal(before, await File.ReadAllTextAsync(Output)); // With the error of the one that failed.
    }
}
