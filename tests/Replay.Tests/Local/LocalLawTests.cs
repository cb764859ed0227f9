using System.Text.Json;
using Countersign.Gateway.Configuration;
using Countersign.Replay.Asking;
using Countersign.Replay.Recording;
using Countersign.Replay.Recordings;
using Countersign.Replay.Upstream;
using static Countersign.Replay.Tests.Local.LocalSet;

namespace Countersign.Replay.Tests.Local;

/// <summary>The laws over every draft that our own engine recorded, through the whole gateway and real sockets.</summary>
public sealed class LocalLawTests
{
    /// <summary>Stands in every draft, and in nothing else, so that a byte of a rejected draft is told from the same byte of the winner.</summary>
    private const string Mark = "#draft#";

    private static readonly IReadOnlyList<Row> AllRows = Rows.Load(Places.LocalRows);

    public static TheoryData<string> Names => [.. AllRows.Select(row => row.Name)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The first validator condemns a draft at its beginning, the second at its end.</summary>
    [Theory]
    [InlineData("forbids: { texts: [\"#draft#\"] }")]
    [InlineData("regex: { pattern: \"^nothing that anybody says$\" }")]
    public async Task StreamLaw_EveryDraftRejected_NoneOfItReachesTheClient(string validator)
    {
        using var scene = new Scene();
        string folder = Path.GetDirectoryName(scene.Ledger)!, file = Path.Combine(folder, "law.yaml");
        await File.WriteAllTextAsync(file, Rejecting(validator), Cancellation);
        await using var served = await ServeAsync(MarkedSet(folder), file, scene);
        using var http = new HttpClient { BaseAddress = served.Gateway.Address };
        foreach (var question in Questions)
        {
            foreach (string drafter in Drafters)
            {
                using var response = await http.PostAsync("/v1/chat/completions", new ByteArrayContent(question.Request($"{drafter}-rejected", stream: true)), Cancellation);
                string stream = await response.Content.ReadAsStringAsync(Cancellation);
                Assert.DoesNotContain(Mark, stream);
                Assert.Equal(Answer(question.Id, OutcomesFile.Reference), TextOf(stream));
            }
        }

        Assert.Equal(Questions.Count * Drafters.Length * 2, served.Upstream.Answered); // Each draft was asked for, and the reference after it.
    }

    /// <summary>Stream law: what a client gets is what the winner said, to the letter. Bill law: every attempt is billed by its recorded tokens, the rejected ones too.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task EveryAnswer_IsTheWinnersOwn_AndEveryAttemptIsBilled(string name)
    {
        using var scene = new Scene();
        string file = Path.Combine(Scene.LocalFolder, name + ".yaml"), task = AllRows.Single(row => row.Name == name).Tasks.Single();
        await using var served = await ServeAsync(LocalSet.Load(), file, scene);
        using var client = new Client(served.Gateway.Address);
        int rejected = 0;
        foreach (var (question, stream) in Questions.Where(question => question.Task == task).SelectMany(question => new[] { (question, true), (question, false) }))
        {
            var answered = await client.AskAsync(question, name, stream, Cancellation);
            var ledger = await client.LedgerOfAsync(answered.RequestId, Cancellation);
            Assert.Equal(Answer(question.Id, ledger.WinningAttempt!.RequestModel!), answered.Text);
            Assert.Equal(ledger.Attempts.Sum(attempt => UsdOf(question.Id, attempt, served.Configuration)), ledger.Cost.Usd);
            if (!stream) Assert.Equal(ledger.Attempts.Sum(attempt => Tokens(question.Id, attempt, "tokens_out")), answered.Usage?.OutputTokens); // Nobody asked for usage in the stream.
            rejected += ledger.Attempts.Count(attempt => attempt.Stage < ledger.WinningAttempt.Stage);
        }

        Assert.True(rejected > 0);
    }

    private static async Task<Served> ServeAsync(RecordedSet set, string file, Scene scene)
    {
        var upstream = await RecordedUpstream.StartAsync(set, FaultPlan.None, 0, TimeProvider.System, Cancellation);
        var configuration = RunningGateway.Read(file, upstream.BaseUrl, scene.Options(Scene.LocalFolder, Scene.LocalFolder));
        return new Served(upstream, await RunningGateway.StartAsync(configuration, Cancellation), configuration);
    }

    /// <summary>The set with a mark at both ends of every draft.</summary>
    private static RecordedSet MarkedSet(string folder)
    {
        File.Copy(Path.Combine(Folder, SetFile.Questions), Path.Combine(folder, SetFile.Questions));
        File.WriteAllLines(Path.Combine(folder, SetFile.Outcomes), Lines.Values.Select(line =>
        {
            string model = SetFile.Text(line, "model"), answer = SetFile.Text(line, "answer");
            string marked = model == OutcomesFile.Reference ? answer : $"{Mark}{answer}{Mark}";
            return $$"""{"id":"{{SetFile.Text(line, "id")}}","model":"{{model}}","answer":"{{JsonEncodedText.Encode(marked)}}","tokens_in":9,"tokens_out":9}""";
        }));
        return RecordedSet.Load(folder, [], new HashSet<string>([.. Drafters, OutcomesFile.Reference]), limit: null);
    }

    private static string Rejecting(string validator)
    {
        string deployments = string.Concat(Drafters.Append(OutcomesFile.Reference).Select(model => $"  {model}: {{ provider: recorded, model: {model} }}\n"));
        string routes = string.Concat(Drafters.Select(model => $"  {model}-rejected: {{ draft: {{ deployment: {model} }}, validate: [ {{ {validator} }} ], escalate: {{ deployment: {OutcomesFile.Reference}, trusted: true }} }}\n"));
        return "server: { listen: \"127.0.0.1:0\" }\nledger: { path: \"${REPLAY_LEDGER}\" }\nproviders:\n  recorded: { api: openai, base_url: \"${REPLAY_UPSTREAM}\" }\n" + $"deployments:\n{deployments}routes:\n{routes}";
    }

    /// <summary>The text of a stream of chat chunks, read by hand.</summary>
    private static string TextOf(string stream) => string.Concat(stream.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line =>
    {
        using var chunk = JsonDocument.Parse(line[6..]);
        return chunk.RootElement.GetProperty("choices").EnumerateArray().Select(choice => SetFile.Text(choice.GetProperty("delta"), "content")).FirstOrDefault();
    }));

    private static decimal? UsdOf(string question, ViewedAttempt attempt, GatewayConfiguration configuration)
    {
        var price = configuration.Deployments[attempt.Deployment].Prices.Single();
        return ((Tokens(question, attempt, "tokens_in") * price.Input) + (Tokens(question, attempt, "tokens_out") * price.Output)) / 1_000_000m;
    }

    private static int Tokens(string question, ViewedAttempt attempt, string count) => Lines[(question, attempt.RequestModel!)].GetProperty(count).GetInt32();

    private sealed record Served(RecordedUpstream Upstream, RunningGateway Gateway, GatewayConfiguration Configuration) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
