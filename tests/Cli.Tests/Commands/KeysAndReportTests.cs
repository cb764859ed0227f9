using System.Globalization;
using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Access;
using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Sqlite;

namespace Countersign.Cli.Tests.Commands;

public sealed class KeysAndReportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-test-").FullName;

    private string Ledger => Path.Combine(folder, "ledger.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Keys_CreatedWithAPolicy_AreListedWithIt()
    {
        var created = await Run.Async("keys", "create", "eu", "--licence", "permissive", "--openness", "weights", "--country", "CH", "--country", "FR", "--ledger", Ledger);

        Assert.Equal(0, created.Code);
        Assert.Contains("permissive, open weights, CH/FR", (await Run.Async("keys", "list", "--ledger", Ledger)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_CreatedListedRevoked_TellTheirStory()
    {
        var created = await Run.Async("keys", "create", "ann", "--model", "fast", "-m", "strong", "--expires", "90d", "--requests-per-minute", "60", "--usd-per-day", "2.5", "--ledger", Ledger);
        Assert.Equal(0, created.Code);
        Assert.Matches("^cs-[0-9a-zA-Z]{40}\n$", created.Output);
        Assert.Contains("only time", created.Error);

        string row = (await Run.Async("keys", "list", "--ledger", Ledger)).Output.Split('\n')[1];
        Assert.Matches(@"^key_[0-9a-z]{8}  ann   valid until \d{4}-\d\d-\d\d  fast strong  none    60 requests  2\.5 USD per day$", row);
        Assert.DoesNotContain(created.Output.Trim(), row);

        var revoked = await Run.Async("keys", "revoke", "ann", "--ledger", Ledger);
        Assert.Equal(0, revoked.Code);
        Assert.Contains("revoked", (await Run.Async("keys", "list", "--ledger", Ledger)).Output);
        Assert.Equal(1, (await Run.Async("keys", "revoke", "ann", "--ledger", Ledger)).Code);
    }

    [Theory]
    [InlineData("40000h", 0)]
    [InlineData("36500d", 0)]
    [InlineData("36501d", 2)]
    [InlineData("2147483647d", 2)]
    public async Task Span_IsBoundedByItsLength(string span, int code) => Assert.Equal(code, (await Run.Async("keys", "create", "ann", "--expires", span, "--ledger", Ledger)).Code);

    [Theory]
    [InlineData("keys create ann --expires soon")]
    [InlineData("keys create ann --usd-per-day much")]
    [InlineData("keys create ann --usd-per-day 1,5")]
    [InlineData("keys create ann --usd-per-day -1")]
    [InlineData("keys create ann --usd-per-day 0.0000000000001")]
    [InlineData("report --since 1.5")]
    [InlineData("report --since 03/04/2026")]
    [InlineData("report --by 7")]
    [InlineData("report -f 9")]
    [InlineData("keys create")]
    [InlineData("report --since yesterdayish")]
    [InlineData("report --by weather")]
    [InlineData("report --format xml")]
    public async Task CommandLine_Wrong_EndsWithItsCode(string args) => Assert.Equal(2, (await Run.Async(args.Split(' '))).Code);

    [Theory]
    [InlineData("report")]
    [InlineData("keys list")]
    [InlineData("keys revoke ann")]
    public async Task Ledger_Missing_IsSaidAndNotMade(string args)
    {
        var ran = await Run.Async([.. args.Split(' '), "--ledger", Ledger]);
        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.Contains("There is no ledger", ran.Error);
        Assert.False(File.Exists(Ledger));
    }

    [Fact]
    public async Task Key_WithNonsense_IsRefusedInWords()
    {
        var ran = await Run.Async("keys", "create", "ann", "--usd-per-day", "0", "--ledger", Ledger);
        Assert.Equal(1, ran.Code);
        Assert.StartsWith("usd_per_day must be above zero", ran.Error);
    }

    [Fact]
    public async Task Report_AsTable_IsPlainWhenCaptured()
    {
        await SettleAsync();
        var ran = await Run.Async("report", "--ledger", Ledger);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        string[] lines = ran.Output.Split('\n');
        Assert.StartsWith("route    requests  accepted drafts", lines[0]);
        Assert.Contains("8 of 10 (r 0, a 0, p 8)", lines[1]);
        Assert.Contains("at least $0.02000", lines[1]);
        Assert.EndsWith("at least $0.002500  -", lines[1]); // No interval: it would lie below the truth.
        Assert.StartsWith("total    10", lines[2]);
        Assert.DoesNotContain('\u001b', ran.Output);
    }

    [Fact]
    public async Task Report_AsJsonAndCsv_HasTheSameFigures()
    {
        await SettleAsync();
        var total = JsonDocument.Parse((await Run.Async("report", "-f", "json", "--by", "caller", "--ledger", Ledger)).Output).RootElement.GetProperty("total");
        string[] csv = (await Run.Async("report", "-f", "csv", "--since", "2026-03-14", "--ledger", Ledger)).Output.Split("\r\n");

        var fields = csv[0].Split(',').Zip(csv[^2].Split(',')).ToDictionary(pair => pair.First, pair => pair.Second);
        Assert.Contains("\n  \"by\": \"caller\",", (await Run.Async("report", "-f", "json", "--by", "caller", "--ledger", Ledger)).Output.ReplaceLineEndings("\n"));
        Assert.Equal("invoice", csv[1].Split(',')[0]);
        Assert.Equal(total.GetProperty("requests").GetInt64().ToString(CultureInfo.InvariantCulture), fields["requests"]);
        Assert.Equal(total.GetProperty("cost").GetProperty("usd").GetRawText(), fields["usd"]);
        Assert.Equal(("0", "8", "10"), (fields["usd_complete"], fields["successes_provisional"], fields["outcomes_known"]));
        Assert.Equal(total.GetProperty("cost_per_success").GetProperty("usd").GetRawText(), fields["usd_per_success"]);
        Assert.Equal(("null", false), (total.GetProperty("cost_per_success").GetProperty("high").GetRawText(), total.GetProperty("cost_per_success").GetProperty("complete").GetBoolean()));
        Assert.Equal(("", "0", ""), (fields["usd_per_success_high"], fields["usd_per_success_complete"], fields["strong_usd_per_success_complete"]));
    }

    [Theory]
    [InlineData("report")]
    [InlineData("keys", "list")]
    public async Task Ledger_InAFolderThatCannotBeWritten_IsRead(params string[] command)
    {
        if (OperatingSystem.IsWindows()) return; // It has no such permissions.
        await SettleAsync();
        var written = await Run.Async([.. command, "--ledger", Ledger]);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var read = await Executable.RunUnprivilegedAsync([.. command, "--ledger", Ledger]);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal((0, written.Output, ""), read);
        Assert.Equal([Ledger], Directory.EnumerateFiles(folder));
    }

    [Fact]
    public async Task Ledger_ThatCannotBeWritten_TakesNoKey()
    {
        if (OperatingSystem.IsWindows()) return;
        await SettleAsync();
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var refused = await Executable.RunUnprivilegedAsync("keys", "create", "ann", "--ledger", Ledger);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal((1, ""), (refused.Code, refused.Output));
        Assert.EndsWith("It must be readable, and its folder writable.\n", refused.Error);
    }

    [Fact]
    public async Task Ledger_OfAConfiguration_NeedsNoSecretsOfIt()
    {
        await SettleAsync();
        string[] config = ["--config", await ConfigureAsync()];
        Assert.Equal((0, ""), ((await Run.Async(["report", .. config])).Code, (await Run.Async(["report", .. config])).Error));
        Assert.Equal(0, (await Run.Async(["keys", "list", .. config])).Code);
    }

    [Fact]
    public async Task Key_ForAModelThatIsNotThere_IsRefused()
    {
        string[] config = ["--config", await ConfigureAsync()];
        var refused = await Run.Async(["keys", "create", "ann", "--model", "smal", .. config]);
        Assert.Equal((1, "No route, pool or deployment is called 'smal'. Did you mean \"small\"?\n"), (refused.Code, refused.Error));
        Assert.Equal(0, (await Run.Async(["keys", "create", "ann", "--model", "small", "--model", "cloud/large", .. config])).Code);
    }

    [Theory]
    [InlineData("--country", "Switzerland")]
    [InlineData("--vendor", "")]
    [InlineData("--model", " ")]
    public async Task Key_ThatCouldNeverBeUsed_IsRefused(string option, string value)
    {
        var refused = await Run.Async("keys", "create", "ann", option, value, "--ledger", Ledger);
        Assert.Equal((1, ""), (refused.Code, refused.Output));
        Assert.NotEqual("", refused.Error);
    }

    [Fact]
    public async Task Report_OfNothing_SaysSo()
    {
        await SettleAsync();
        Assert.Equal("No requests in this time.\n", (await Run.Async("report", "--since", "2027-01-01", "--ledger", Ledger)).Output);
    }

    [Theory]
    [InlineData("report --help")]
    [InlineData("keys --help")]
    [InlineData("keys create --help")]
    [InlineData("keys list --help")]
    [InlineData("keys revoke --help")]
    public async Task Help_OfEveryCommand_EndsWithExamples(string args) => Assert.Contains("Examples:\n  countersign ", (await Run.Async(args.Split(' '))).Output);

    private async Task<string> ConfigureAsync()
    {
        string file = Path.Combine(folder, "countersign.yaml");
        await File.WriteAllTextAsync(file, "ledger: { path: ledger.db }\nproviders: { cloud: { api: openai, base_url: \"http://cloud/v1\", key: \"${COUNTERSIGN_TEST_NOWHERE_SET}\" } }\ndeployments: { small: { provider: cloud, model: small } }\n");
        return file;
    }

    /// <summary>Ten requests through a route, eight of them accepted drafts; the price of one is not known.</summary>
    private async Task SettleAsync()
    {
        await using var ledger = SqliteLedger.Open(Ledger, TimeProvider.System);
        DateTimeOffset noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
        for (int i = 0; i < 10; i++)
        {
            bool isAccepted = i < 8;
            var trace = new RequestTrace { End = isAccepted ? CascadeEnd.Accepted : CascadeEnd.BestSoFar, Accepted = isAccepted };
            trace.Winner = trace.Open(new AttemptRecord { Deployment = "drafter", Purpose = AttemptPurpose.Draft, Started = noon, Status = AttemptStatus.Completed, Cost = new Cost(0.002m, i > 0) });
            ledger.Settle(new FinishedRequest { Id = $"r{i}", Caller = Caller.Local, Model = "invoice", Route = "invoice", Started = noon, Duration = TimeSpan.FromSeconds(1), Status = 200, Trace = trace });
        }
    }
}
