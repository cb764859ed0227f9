using Countersign.Cli.Tests.Clients;
using Countersign.Cli.Tests.Hub;
using Countersign.Gateway.Tests.Upstreams;
using Countersign.Tests;

namespace Countersign.Cli.Tests.Commands;

/// <summary>Commands where a person looks: on a terminal they write other things than into a file.</summary>
public sealed class SeenTests : IDisposable
{
    private const string Chat = "SmolLM2-135M-Instruct.Q4_1";

    private static readonly Dictionary<string, string> Nothing = [];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("countersign-seen-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task RunAndReport_OnATerminal_FitIt()
    {
        await using var upstream = (await FakeUpstream.StartAsync()).Then(ScriptedModel.AnswerAsync);
        string config = await WriteAsync("countersign.yaml", $$"""
            ledger: { path: {{At("ledger.db")}} }
            providers: { up: { api: openai, base_url: "{{upstream.BaseUrl}}" } }
            deployments: { small: { provider: up, model: strong-1, price: { input: 1, output: 2 } } }
            """);
        string input = await WriteAsync("in.jsonl", """{"messages":[{"role":"user","content":"hi"}]}""");
        var seen = await PseudoTerminal.RunAsync(80, "", Nothing, "run", "small", input, "-o", At("out.jsonl"), "--config", config);
        Assert.True(seen.Code == 0, seen.Screen);
        Assert.Contains("100% 1/1", seen.Text);
        Assert.Matches("answered +1", seen.Text);
        Assert.Single(upstream.Requests);

        foreach (int columns in new[] { 30, 80, 200 }) // Below each other, beside each other, in a table.
        {
            var report = await PseudoTerminal.RunAsync(columns, "", Nothing, "report", "--ledger", At("ledger.db"));
            Assert.True(report.Code == 0, report.Screen);
            Assert.All(report.Text.Split('\n'), line => Assert.InRange(line.Length, 0, columns));
            Assert.Contains("strong model only", report.Text);
            Assert.Matches(@"\$0\.0\d{4,}\b", report.Text);
        }
    }

    [Theory]
    [InlineData(0, "models", "files", "--models", "nowhere")]
    [InlineData(0, "config", "check", "countersign.example.yaml")]
    [InlineData(0, "route", "explain", "majority", "-c", "countersign.example.yaml")]
    [InlineData(1, "report", "--ledger", "nowhere")]
    [InlineData(2, "reprot")]
    public async Task NoColor_OnATerminal_SendsNothingButText(int code, params string[] line)
    {
        string[] arguments = [.. line.Select(word => word.EndsWith(".yaml", StringComparison.Ordinal) ? Path.Combine(SharedData.RepositoryRoot, word) : word)];
        var seen = await PseudoTerminal.RunAsync(80, "", new Dictionary<string, string> { ["NO_COLOR"] = "1" }, arguments);
        Assert.Equal(code, seen.Code);
        Assert.DoesNotContain('\u001b', seen.Screen);
        Assert.NotEqual("", seen.Screen.Trim());
    }

    [Fact]
    public async Task Chat_OnATerminal_LoadsAndAnswersUntilAnEmptyLine()
    {
        var seen = await PseudoTerminal.RunAsync(80, "Hi\n\n", Nothing, "chat", Chat, "--models", Path.Combine(SharedData.RepositoryRoot, "models"), "--predict", "3");
        Assert.True(seen.Code == 0, seen.Screen);
        Assert.Contains($"100% loading {Chat}", seen.Text);
        Assert.Contains(", 3 written", seen.Text);
    }

    [Fact]
    public async Task Interrupt_AtAPrompt_EndsAtOnce()
    {
        string[] chat = ["chat", Chat, "--models", Path.Combine(SharedData.RepositoryRoot, "models")];
        var seen = await PseudoTerminal.RunAsync(80, "> ", "\u0003", new Dictionary<string, string> { ["NO_COLOR"] = "1" }, chat);
        Assert.Equal(1, seen.Code); // Of the command's own; the library's, after two seconds, is another.
        Assert.EndsWith("Stopped.", seen.Screen.Trim());
        Assert.DoesNotContain('\u001b', seen.Screen);
    }

    [Fact]
    public async Task Pull_OnATerminal_AsksFirst()
    {
        await using var pulling = await Pulling.StartAsync();
        Dictionary<string, string> hub = new() { ["HF_ENDPOINT"] = pulling.Hub.Address };
        string[] pull = ["models", "pull", FakeHub.Repository, "--models", pulling.Folder];
        var refused = await PseudoTerminal.RunAsync(80, "n\n", hub, pull);
        Assert.True(refused.Code == 1, refused.Screen);
        Assert.Empty(pulling.Names);
        var seen = await PseudoTerminal.RunAsync(80, "y\n", hub, pull);
        Assert.True(seen.Code == 0, seen.Screen);
        Assert.Matches(@"its\s+SHA-256\s+is\s+the\s+published\s+one", seen.Text); // Over two lines where they are short.
    }

    private string At(string name) => Path.Combine(folder.FullName, name);

    private async Task<string> WriteAsync(string name, string text)
    {
        await File.WriteAllTextAsync(At(name), text, TestContext.Current.CancellationToken);
        return At(name);
    }
}
