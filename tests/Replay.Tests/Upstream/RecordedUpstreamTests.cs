using System.Net;
using System.Text;
using System.Text.Json;
using Countersign.Replay.Asking;
using Countersign.Replay.Recordings;
using Countersign.Replay.Upstream;

namespace Countersign.Replay.Tests.Upstream;

public sealed class RecordedUpstreamTests
{
    private static readonly HashSet<string> Models = ["small-a", "small-b", "large"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prompt_NotRecorded_Is404AndCounted()
    {
        await using var upstream = await StartAsync(Load());
        using var http = new HttpClient();
        using var response = await http.PostAsync($"{upstream.BaseUrl}/chat/completions", Json("""{"model":"small-a","messages":[{"role":"user","content":"Never asked."}]}"""), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("not_recorded", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal((0, 1), (upstream.Answered, upstream.Unmatched));
    }

    [Fact]
    public async Task EveryAnswer_StreamedAndWhole_IsTheRecordedOne()
    {
        var set = Load();
        await using var upstream = await StartAsync(set);
        using var client = new Client(new Uri(upstream.BaseUrl[..^3]));
        foreach (string model in Models)
        {
            foreach (var question in set.Questions)
            {
                foreach (bool stream in new[] { false, true })
                {
                    var got = await client.AskAsync(question, model, stream, Cancellation);
                    Assert.True(got.IsWhole);
                    Assert.True(set.Of(question.Id, model)!.IsSaidBy(got.Text, got.Calls), $"{question.Id} {model}: {got.Text}");
                }
            }
        }

        Assert.Equal(0, upstream.Unmatched);
    }

    [Fact]
    public async Task Usage_IsTheRecordedTokens()
    {
        var set = Load();
        await using var upstream = await StartAsync(set);
        using var http = new HttpClient();
        using var response = await http.PostAsync($"{upstream.BaseUrl}/chat/completions", Json(Encoding.UTF8.GetString(set.Questions[0].Request("large", stream: false))), Cancellation);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        var recorded = set.Of(set.Questions[0].Id, "large")!;
        Assert.Equal(recorded.InputTokens, body.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(recorded.OutputTokens, body.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData(null, "stop", 40, 400)]
    [InlineData(40, "stop", 40, 400)]
    [InlineData(10, "length", 10, 100)]
    public void OutputLimit_BelowTheRecordedTokens_CutsTheAnswerAndItsBill(int? max, string finishReason, int tokens, int characters)
    {
        var reply = Reply.Of(new RecordedAnswer("q", "m", new string('x', 400), [], 5, 40, null), max);
        Assert.Equal((finishReason, tokens, characters), (reply.FinishReason, reply.OutputTokens, reply.Text.Length));
    }

    [Fact]
    public void OutputLimit_BelowTheTokensOfACall_LeavesNoCall()
    {
        var reply = Reply.Of(new RecordedAnswer("q", "m", "", [new RecordedCall("f", "{}")], 5, 600, null), 500);
        Assert.Equal(("length", 500, 0), (reply.FinishReason, reply.OutputTokens, reply.Calls.Count));
    }

    private static RecordedSet Load() => RecordedSet.Load(Path.Combine(Scene.OwnFolder, "small_tasks"), [], Models, limit: null);

    private static Task<RecordedUpstream> StartAsync(RecordedSet set) => RecordedUpstream.StartAsync(set, FaultPlan.None, 0, TimeProvider.System, Cancellation);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
