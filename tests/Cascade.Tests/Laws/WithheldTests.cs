using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Tests.Validators;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Laws;

/// <summary>What a route forbids never goes out: wherever it is said, however it is written, whoever else rejects or mends the draft, and however the cascade ends.</summary>
public class WithheldTests
{
    private const int Rounds = 4_000;
    private const string Secret = "SECRET42";

    private static readonly string[] Forbids = ["""{"texts":["SECRET42"]}""", """{"patterns":["SECRET\\d+"]}"""];

    private static readonly (string Name, string Options)[] Others =
    [
        ("json_schema", """{"schema":{"type":"object"}}"""),
        ("tool_call", "{}"),
        ("tool_call", """{"require_call":true}"""),
        ("contains", """{"all":["fine"]}"""),
        ("language", "{}"),
    ];

    private static readonly string[] Texts =
        ["fine", "", $"It is {Secret}.", $"```json\n{{\"fine\": \"{Secret}\",}}\n```", "{\"fine\": \"SECR\\u0045T42\"}", "[clock(at='fine')]", "[clock(at='SECRET' '42')]", "[clock(at='\\x53ECRET42')]", "{'fine': 'SEC\\u0052ET42'}"];

    private static readonly string[] Arguments = ["{}", $$"""{"at":"{{Secret}}"}""", """{"at":"SECRET\u0034\u0032"}""", "{'at': 'fine'}"];

    private static readonly ToolDefinition[] Tools = [new() { Name = "clock", Parameters = JsonElement.Parse("""{"type":"object","properties":{"at":{"type":"string"}}}""") }];

    [Fact]
    public async Task ForbiddenText_FourThousandRandomRoutes_NeverGoesOut()
    {
        int answered = 0, best = 0, failed = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var attempter = new ScriptedAttempter(TimeProvider.System).On("weak", Draft(random), Draft(random)).On("strong", Draft(random));
            var run = await Run.OfAsync(MakeRoute(random), attempter, request: Run.Question() with { Tools = Tools });
            var builder = new AnswerBuilder();
            run.Events.ForEach(builder.Add);
            Assert.True(!builder.Build().Choices.SelectMany(Readable).Any(text => text.Contains(Secret, StringComparison.Ordinal)), $"seed {seed}: {string.Join("; ", run.Trace.Verdicts)}");
            answered += run.Trace.Accepted ? 1 : 0;
            best += run.Trace.End is CascadeEnd.BestSoFar ? 1 : 0;
            failed += run.Failure is not null ? 1 : 0;
        }

        Assert.All([answered, best, failed], count => Assert.InRange(count, Rounds / 20, Rounds));
    }

    private static Route MakeRoute(Random random)
    {
        List<IValidator> checks = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Others[random.Next(Others.Length)]).Select(other => Drafts.Validator(other.Name, other.Options))];
        checks.Insert(random.Next(checks.Count + 1), Drafts.Validator("forbids", Forbids[random.Next(Forbids.Length)]));
        bool agree = random.Next(4) == 0;
        return Run.Route([.. checks]) with
        {
            Draft = new Stage { Deployments = ["weak"], Samples = agree ? 2 : 1, Agreement = agree ? new AgreementPolicy(2, "exact") : null, MaxOutputTokens = random.Next(4) == 0 ? 5 : null },
            Repair = new RepairPolicy(random.Next(2)),
            UnknownMeans = random.Next(2) == 0 ? VerdictKind.Accept : VerdictKind.Reject,
        };
    }

    private static Script Draft(Random random) => Script.Of(
    [
        .. AnswerEvents.Of(new ChatAnswer { Choices = [.. Enumerable.Range(0, random.Next(1, 3)).Select(index => Choice(index, random))] }),
        new UsageReported(new Usage { InputTokens = 1, OutputTokens = random.Next(20) }),
    ]);

    private static ChatChoice Choice(int index, Random random) => new()
    {
        Index = index,
        Text = random.Next(2) == 0 ? "fine" : Texts[random.Next(Texts.Length)],
        Reasoning = random.Next(5) == 0 ? [new ReasoningPart("SECRET", "sealed"), new ReasoningPart("42")] : [],
        Refusal = random.Next(20) == 0 ? Secret : null,
        ToolCalls = random.Next(4) == 0 ? [new ToolCall("1", "clock", Arguments[random.Next(Arguments.Length)])] : [],
        FinishReason = FinishReason.Stop,
    };

    /// <summary>What a client can read of a choice: as it came, and where that is JSON, read as JSON.</summary>
    private static IEnumerable<string> Readable(ChatChoice choice)
    {
        string[] said = [choice.Text, string.Concat(choice.Reasoning.Select(part => part.Text)), choice.Refusal ?? "", .. choice.ToolCalls.Select(call => call.Arguments)];
        return said.Concat(said.Select(text => Countersign.Cascade.Answers.NearJson.ReadStrict(text).Value is { } json ? Words(json) : ""));
    }

    private static string Words(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Object => string.Join(' ', json.EnumerateObject().Select(member => $"{member.Name} {Words(member.Value)}")),
        JsonValueKind.Array => string.Join(' ', json.EnumerateArray().Select(Words)),
        _ => "",
    };
}
