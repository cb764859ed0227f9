using System.Text.Json;
using Countersign.Cascade.Validators;
using Countersign.Tests;

namespace Countersign.Cascade.Tests.Validators;

public class CommandValidatorTests
{
    public CommandValidatorTests()
    {
        if (!OperatingSystem.IsLinux()) Missing.Skip("a Linux shell");
    }

    [Theory]
    [InlineData("exit 0", VerdictKind.Accept, null)]
    [InlineData("echo 'line 3: no such name' >&2; exit 1", VerdictKind.Reject, "line 3: no such name")]
    [InlineData("echo wrong; exit 1", VerdictKind.Reject, "wrong")]
    [InlineData("exit 3", VerdictKind.Unknown, "`sh` ended with exit code 3.")]
    [InlineData("""echo '{"verdict":"reject","findings":[{"message":"bad","where":"/x"}],"score":0.2}'; exit 0""", VerdictKind.Reject, "bad")]
    [InlineData("""echo '{"verdict":"accept"}'; exit 1""", VerdictKind.Unknown, "`sh` printed that it accepts, but ended with exit code 1.")]
    [InlineData("""echo '{"verdict":"reject","findings":["bad"]}'; exit 1""", VerdictKind.Reject, "bad")]
    [InlineData("""echo '{"verdict":"maybe"}'""", VerdictKind.Unknown, "`sh` printed a verdict that cannot be read.")]
    public async Task Verdict_ComesFromOutputOrExitCode(string script, VerdictKind kind, string? finding)
    {
        var verdict = await Shell(script).JudgeAsync("42");
        Assert.Equal((kind, finding), (verdict.Kind, verdict.Findings.Count > 0 ? verdict.Findings[0].Message : null));
    }

    [Fact]
    public async Task Input_IsTheDraftAsJson()
    {
        Assert.Equal(VerdictKind.Accept, (await Shell("""grep -q '"answer":{"text":"forty-two".*"finish_reason":"stop"'""").JudgeAsync("forty-two")).Kind);
        Assert.Equal(VerdictKind.Accept, (await Shell("""grep -q '"messages":\[{"role":"user","text":"How much'""").JudgeAsync("forty-two")).Kind);
    }

    [Fact]
    public async Task Input_ThatIsNotRead_IsNoProblem() => Assert.Equal(VerdictKind.Accept, (await Shell("exit 0").JudgeAsync(new string('x', 1_000_000))).Kind);

    [Fact]
    public async Task Timeout_StopsItAndAllItStarted()
    {
        string mark = Path.Combine(Path.GetTempPath(), $"countersign-test-{Guid.NewGuid():N}");
        var verdict = await Shell($"(sleep 2; touch {mark}) & sleep 30", """, "timeout": "00:00:00.5" """).JudgeAsync("42");
        Assert.Equal((VerdictKind.Unknown, "`sh` was stopped after 0.5 s."), (verdict.Kind, verdict.Findings[0].Message));
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task Cancellation_StopsIt()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var judging = Shell("sleep 30").JudgeAsync(Drafts.Of("42"), Drafts.Context(), source.Token).AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => judging.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Output_WithoutEnd_IsStopped()
    {
        var verdict = await Shell("yes", """, "max_output_bytes": 1000 """).JudgeAsync("42");
        Assert.Equal((VerdictKind.Unknown, "`sh` wrote more than 1000 bytes."), (verdict.Kind, verdict.Findings[0].Message));
        Assert.Equal(VerdictKind.Unknown, (await Shell("yes >&2", """, "max_output_bytes": 1000 """).JudgeAsync("42")).Kind);
    }

    [Fact]
    public async Task Memory_IsLimited()
    {
        Assert.Equal(VerdictKind.Accept, (await Shell("test $(ulimit -v) -eq 65536", """, "memory_mb": 64 """).JudgeAsync("42")).Kind);
    }

    [Fact]
    public async Task Environment_HoldsNoSecretAndAFolderOfItsOwn()
    {
        Environment.SetEnvironmentVariable("COUNTERSIGN_TEST_SECRET", "s3cret");
        var verdict = await Shell("test -z \"$COUNTERSIGN_TEST_SECRET\" && test \"$(pwd)\" = \"$HOME\" && test -z \"$(ls)\" && touch written").JudgeAsync("42");
        Assert.Equal(VerdictKind.Accept, verdict.Kind);
    }

    [Theory]
    [InlineData("test $(grep -c : /proc/net/dev) -le 1 && ! grep -q '[1-9]' /proc/net/route")]
    [InlineData("test $(grep 'Max processes' /proc/self/limits | grep -c 1024) -eq 1")]
    public async Task NetworkAndProcesses_AreLimitedWhereTheMachineCan(string script)
    {
        var validator = Shell(script);
        if (!validator.Description.Contains("without network", StringComparison.Ordinal)) Missing.Skip("unprivileged user namespaces");
        Assert.Equal(VerdictKind.Accept, (await validator.JudgeAsync("42")).Kind);
    }

    [Theory]
    [InlineData("head -c 2097152 /dev/zero > big", """, "max_file_mb": 1 """)]
    [InlineData("exit $(ulimit -c)", "")]
    public async Task Files_AreLimited(string script, string more)
    {
        var verdict = await Shell($"{script}; test $(wc -c < big 2> /dev/null || echo 0) -le 1048576", more).JudgeAsync("42");
        Assert.Equal(VerdictKind.Accept, verdict.Kind);
    }

    [Theory]
    [InlineData("check.sh")]
    [InlineData("./check.sh")]
    [InlineData("sub/../check.sh")]
    public async Task Script_InTheConfigurationsFolder_IsFoundFromTheEmptyOne(string script)
    {
        var folder = Directory.CreateTempSubdirectory("countersign-test-");
        folder.CreateSubdirectory("sub");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "check.sh"), "test -z \"$(ls)\"", TestContext.Current.CancellationToken);
        Assert.Equal(VerdictKind.Accept, (await Drafts.Validator("command", $$"""{"run":["sh","{{script}}"]}""", folder.FullName).JudgeAsync("42")).Kind);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Program_InTheConfigurationsFolder_IsRunUntilItIsGone()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-test-");
        string path = Path.Combine(folder.FullName, "check");
        await File.WriteAllTextAsync(path, "#!/bin/sh\nexit 0", TestContext.Current.CancellationToken);
        Assert.Contains("chmod +x", Drafts.Refused("command", """{"run":["./check"]}""", folder.FullName).Message);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var validator = Drafts.Validator("command", """{"run":["./check"]}""", folder.FullName);
        Assert.Equal(VerdictKind.Accept, (await validator.JudgeAsync("42")).Kind);
        folder.Delete(recursive: true);
        Assert.Equal(VerdictKind.Unknown, (await validator.JudgeAsync("42")).Kind);
    }

    [Theory]
    [InlineData("""{"run":[]}""", "run")]
    [InlineData("""{"run":["/no/such/program"]}""", "run")]
    [InlineData("""{"run":["no-such-program"]}""", "run")]
    [InlineData("""{"run":["sh","./no-such-script"]}""", "run")]
    [InlineData("""{"run":["x"],"max_file_mb":-1}""", "max_file_mb")]
    [InlineData("""{"run":["x"],"timeout":"-00:00:01"}""", "timeout")]
    [InlineData("""{"run":["x"],"memory_mb":1}""", "memory_mb")]
    [InlineData("""{"run":["x"],"parallel":0}""", "parallel")]
    public void Options_Wrong_AreRefused(string options, string param) => Assert.Equal(param, Drafts.Refused("command", options).Param);

    private static IValidator Shell(string script, string more = "") =>
        Drafts.Validator("command", $$"""{"run":["sh","-c","{{JsonEncodedText.Encode(script)}}"]{{more}}}""");
}
