using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Tests.Validators;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Laws;

/// <summary>The other side of the stream law: a draft that the whole verdict accepts is never cut off, however it is split and whatever checks a route has in whatever order.</summary>
public class CutOffTests
{
    private const int Rounds = 4_000;

    private static readonly (string Name, string Options)[] Checks =
    [
        ("json_schema", """{"schema":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}}"""),
        ("json_schema", """{"schema":{"type":"object"},"mend":false}"""),
        ("tool_call", "{}"),
        ("tool_call", """{"mend":false,"text_calls":false}"""),
        ("length", """{"max":20}"""),
        ("length", """{"max":0}"""),
        ("forbids", """{"texts":["json"],"patterns":["o$"]}"""),
        ("refusal", """{"beginnings":["Here"]}"""),
        ("repetition", """{"times":2,"span":20}"""),
        ("contains", """{"all":["a"]}"""),
        ("expression", """{"checks":["a == 1"]}"""),
    ];

    private static readonly ToolDefinition[] Tools = [new() { Name = "get.time", Parameters = JsonElement.Parse("""{"type":"object","properties":{"at":{"type":"string"}}}""") }];

    private static readonly string[] Texts = ["", "  ", "{\"a\":1}", "{'a': 1,}", "```json\n{\"a\": 1}\n```", "Here it is: {\"a\": 1} and that is all there is to it.", "[get_time(at='now')]", "no", "{\"a\":\"x\"}", "anananananananananananananana"];

    [Fact]
    public async Task AcceptedDrafts_FourThousandRandomRoutes_AreNeverCutOff()
    {
        int accepted = 0, cutOff = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            IValidator[] checks = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Checks[random.Next(Checks.Length)]).Select(check => Drafts.Validator(check.Name, check.Options))];
            var draft = Script.Of([.. Split(Answer(random), random)]);
            var whole = await RunAsync(draft, [.. checks.Select(check => new WithoutPrefix(check))]);
            var watched = await RunAsync(draft, checks);
            accepted += whole.Trace.Accepted ? 1 : 0;
            cutOff += watched.Trace.Attempts[0].Status is AttemptStatus.CutOff ? 1 : 0;
            Assert.True(whole.Trace.Accepted == watched.Trace.Accepted, $"seed {seed}: {string.Join(", ", checks.Select(check => check.Name))} accept the whole: {whole.Trace.Accepted}; {string.Join("; ", watched.Trace.Verdicts)}");
        }

        Assert.All([accepted, cutOff], count => Assert.InRange(count, Rounds / 20, Rounds));
    }

    private static Task<Run> RunAsync(Script draft, IReadOnlyList<IValidator> checks)
    {
        var route = new Route { Name = "r", Draft = new Stage { Deployments = ["weak"] }, Validators = checks, WhenExhausted = WhenExhausted.Error, UnknownMeans = VerdictKind.Accept };
        return Run.OfAsync(route, new ScriptedAttempter(TimeProvider.System).On("weak", draft), request: Run.Question() with { Tools = Tools });
    }

    private static ChatAnswer Answer(Random random)
    {
        string[] names = ["get.time", "get_time", "gettime"], arguments = ["{}", "", "{'at': 'now'}", "{\"at\":\"now\"}", "{\"in\":1}"];
        bool calls = random.Next(3) == 0;
        return new ChatAnswer
        {
            Choices =
            [
                new ChatChoice
                {
                    Index = 0,
                    Text = calls && random.Next(2) == 0 ? "" : Texts[random.Next(Texts.Length)],
                    Reasoning = random.Next(4) == 0 ? [new ReasoningPart(Texts[random.Next(Texts.Length)])] : [],
                    ToolCalls = calls ? [new ToolCall("1", names[random.Next(names.Length)], arguments[random.Next(arguments.Length)])] : [],
                    FinishReason = calls ? FinishReason.ToolCalls : FinishReason.Stop,
                },
            ],
        };
    }

    private static IEnumerable<ChatEvent> Split(ChatAnswer answer, Random random) => AnswerEvents.Of(answer).SelectMany(chatEvent => chatEvent switch
    {
        TextDelta e => Pieces(e.Text, random).Select(piece => e with { Text = piece }),
        ReasoningDelta e => Pieces(e.Text, random).Select(piece => e with { Text = piece }),
        ToolCallDelta e => Pieces(e.Arguments, random).Select(piece => new ToolCallDelta(e.Choice, e.Index, null, null, piece)).Prepend(e with { Arguments = "" }),
        _ => (IEnumerable<ChatEvent>)[chatEvent],
    });

    private static IEnumerable<string> Pieces(string text, Random random)
    {
        for (int start = 0, length; start < text.Length; start += length)
        {
            length = Math.Min(random.Next(1, 6), text.Length - start);
            yield return text.Substring(start, length);
        }
    }

    /// <summary>The same check, which sees whole drafts only.</summary>
    private sealed class WithoutPrefix(IValidator check) : IValidator
    {
        public string Name => check.Name;

        public string Description => check.Description;

        public ValidatorCost Cost => check.Cost;

        public bool Mends => check.Mends;

        public bool Withholds => check.Withholds;

        public ValueTask<Verdict> JudgeAsync(Draft draft, ValidationContext context, CancellationToken cancellationToken) => check.JudgeAsync(draft, context, cancellationToken);
    }
}
