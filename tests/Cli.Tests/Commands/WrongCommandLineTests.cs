namespace Countersign.Cli.Tests.Commands;

/// <summary>Command lines that are wrong are refused in words, on the error stream alone.</summary>
public sealed class WrongCommandLineTests
{
    [Theory]
    [InlineData("report --bogus", "There is no option '--bogus'.")]
    [InlineData("report --formt csv", "Did you mean \"--format\"?")]
    [InlineData("reprot", "There is no command 'reprot'. Did you mean \"report\"?")]
    [InlineData("keys creat ann", "There is no command 'creat'. Did you mean \"create\"?")]
    [InlineData("keys list ann", "'ann' is one word too many.")]
    [InlineData("config schema --config countersign.yaml", "There is no option '--config'.")]
    [InlineData("report --by weather", "'weather' is not one of route, deployment, caller, day.")]
    [InlineData("models list --open no", "'no' is not one of weights, fully.")]
    [InlineData("keys create ann --usd-per-day 1,5", "'1,5' is not an amount in US dollars")]
    [InlineData("keys create ann --requests-per-minute 1.5", "'1.5' for option '--requests-per-minute' as a whole number.")]
    [InlineData("route explain majority --input-tokens 1.5", "'1.5' is not a whole number of at least 1.")]
    [InlineData("chat tiny --temp 0,7", "'0,7' is not a number such as 0.7.")]
    [InlineData("chat tiny --predict -1", "'-1' is not a whole number of at least 0.")]
    [InlineData("chat tiny --threads -1", "'-1' is not a whole number of at least 0.")]
    [InlineData("serve --listen nowhere", "'nowhere' is no address to listen on")]
    public async Task CommandLine_Wrong_IsRefusedInWords(string args, string words)
    {
        var ran = await Run.Async(args.Split(' '));
        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.Contains(words, ran.Error);
        Assert.DoesNotContain("System.", ran.Error);
        Assert.EndsWith(" --help' tells what there is.\n", ran.Error);
    }

    [Theory]
    [InlineData("config", "check", "")]
    [InlineData("config", "print", "--config", "")]
    [InlineData("report", "--ledger", "")]
    [InlineData("models", "files", "--models", " ")]
    [InlineData("run", "a", "-", "-o", "")]
    public async Task Name_ThatIsEmpty_IsRefused(params string[] args)
    {
        var ran = await Run.Async(args);
        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.Matches("^(--[a-z]+ needs the name of a (file|folder)|The name of the file is empty)\\.\n", ran.Error);
    }

    [Fact]
    public async Task Word_ThatBeginsWithAnAt_IsNoFileOfWords()
    {
        var ran = await Run.Async("chat", "nothing", "--prompt", "@alice hello");
        Assert.Equal(1, ran.Code);
        Assert.StartsWith("There is no model 'nothing'", ran.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("keys")]
    public async Task CommandLine_ThatNamesNoCommand_IsHelpedOnTheErrorStream(string args)
    {
        var ran = await Run.Async(args.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.Contains("Examples:\n", ran.Error);
    }

    [Theory]
    [InlineData("config", "schema")]
    [InlineData("models", "list")]
    public async Task Output_ThatIsFull_IsSaidInALine(params string[] args)
    {
        using var full = new StreamWriter(new FullStream()) { AutoFlush = true };
        var error = new StringWriter();
        int code = await CommandLine.RunAsync(args, new() { Output = full, Error = error }, Cli.Commands.ConfigCommand.Create(), Cli.Commands.ModelsCommand.Create());
        Assert.Equal((1, $"No space left on device{Environment.NewLine}"), (code, error.ToString()));
    }

    [Fact]
    public async Task Failure_ThatNobodyExpected_AsksForAReport()
    {
        var (command, error) = (new System.CommandLine.Command("broken"), new StringWriter());
        command.SetAction(int (_) => throw new InvalidOperationException("boom"));
        Assert.Equal(1, await CommandLine.RunAsync(["broken"], new() { Error = error }, command));
        Assert.Matches("^This is a fault of countersign itself: please report it, with the command line and this: InvalidOperationException: boom at [^\n]*\n$", error.ToString().ReplaceLineEndings("\n"));
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
