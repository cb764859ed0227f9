using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Tests.Validators;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Running;

public class RepairTests
{
    private readonly ScriptedAttempter attempter = new(TimeProvider.System);
    private readonly Route route = Run.Route(FakeValidator.Wants("42")) with { Repair = new RepairPolicy(Attempts: 1) };

    [Fact]
    public async Task Repair_RejectedDraft_SeesDraftAndFindingsWithMoreThinking()
    {
        attempter.On("weak", "41", "42");
        var run = await Run.OfAsync(route with { Draft = route.Draft with { Thinking = new Thinking(ThinkingLevel.Off) } }, attempter);
        Assert.Equal("42", run.Text);
        Assert.Equal((AttemptPurpose.Repair, 0), (run.Trace.Winner!.Purpose, run.Trace.Winner.Stage));
        var asked = attempter.Asked[1].Request;
        Assert.Equal(ThinkingLevel.Low, asked.Thinking!.Level);
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.User], asked.Messages.Select(message => message.Role));
        Assert.Equal("41", asked.Messages[1].Text);
        Assert.Contains("The word '42' is missing. (at /text)", asked.Messages[2].Text);
    }

    [Fact]
    public async Task Repair_ThatFails_EscalatesWithTheOriginalQuestion()
    {
        attempter.On("weak", "40").On("strong", "42");
        var run = await Run.OfAsync(route, attempter);
        Assert.Equal([AttemptPurpose.Draft, AttemptPurpose.Repair, AttemptPurpose.Escalation], run.Trace.Attempts.Select(attempt => attempt.Purpose));
        Assert.Single(attempter.Asked[2].Request.Messages);
    }

    [Fact]
    public async Task Repair_SecondTime_ShowsTheLatestDraftOnly()
    {
        attempter.On("weak", "40", "41", "42");
        await Run.OfAsync(route with { Repair = new RepairPolicy(Attempts: 2) }, attempter);
        Assert.Equal(3, attempter.Asked[2].Request.Messages.Count);
        Assert.Equal("41", attempter.Asked[2].Request.Messages[1].Text);
    }

    [Fact]
    public async Task Repair_OfSeveralChoices_ShowsTheRejectedOne()
    {
        attempter.On("weak", Script.SaysEach("42 a", "41 b"), Script.SaysEach("42", "42"));
        await Run.OfAsync(route, attempter);
        var asked = attempter.Asked[1].Request.Messages;
        Assert.Equal("41 b", asked[1].Text);
        Assert.Contains("The word '42' is missing. (at /text)", asked[2].Text);
    }

    [Fact]
    public async Task Repair_OfAChoiceThatAParserObjectsTo_ShowsThatOne()
    {
        attempter.On("weak", Script.Of(new TextDelta(0, "42"), new TextDelta(1, "<tool>"), new ParserFinding(1, "The call is cut off.")), Script.SaysEach("42", "42"));
        var request = Run.Question() with { Tools = [new ToolDefinition { Name = "clock" }] };
        await Run.OfAsync(route with { Validators = [Drafts.Validator("tool_call", "{}")] }, attempter, request: request);
        Assert.Equal("<tool>", attempter.Asked[1].Request.Messages[1].Text);
    }

    [Fact]
    public async Task Repair_RejectedToolCall_AnswersTheCallWithTheFindings()
    {
        attempter.On("weak", Script.Calls(new ToolCall("call_1", "add", "{}")), Script.Says("42"));
        await Run.OfAsync(route, attempter);
        var messages = attempter.Asked[1].Request.Messages;
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool], messages.Select(message => message.Role));
        var result = Assert.IsType<ToolResultPart>(messages[2].Parts[0]);
        Assert.True(result.IsError);
        Assert.Equal("call_1", result.CallId);
    }

    [Fact]
    public async Task Repair_ByAnotherDeployment_AsksIt()
    {
        attempter.On("weak", "40").On("mender", "42");
        var run = await Run.OfAsync(route with { Repair = new RepairPolicy(1, Deployment: "mender", Thinking: new Thinking(ThinkingLevel.Max)) }, attempter);
        Assert.Equal("mender", run.Trace.Winner!.Deployment);
        Assert.Equal(ThinkingLevel.Max, attempter.Asked[1].Request.Thinking!.Level);
    }

    [Fact]
    public async Task Repair_DearerThanItsPurse_IsSkipped()
    {
        attempter.Prices["weak"] = attempter.Prices["strong"] = new Price { Input = 1, Output = 1 };
        attempter.On("weak", "40").On("strong", "42");
        var run = await Run.OfAsync(route with { Repair = new RepairPolicy(1, MaxUsd: 0.00001m) }, attempter);
        Assert.Equal([AttemptPurpose.Draft, AttemptPurpose.Escalation], run.Trace.Attempts.Select(attempt => attempt.Purpose));
    }

    [Fact]
    public async Task Repair_CheckThatCouldNotRun_EscalatesWithoutRepair()
    {
        attempter.On("weak", "41").On("strong", "42");
        var run = await Run.OfAsync(route with { Validators = [new FakeValidator(draft => draft.Answer.Text == "42" ? Verdict.Accept : Verdict.Unknown("The webhook cannot be reached."))] }, attempter);
        Assert.Equal([AttemptPurpose.Draft, AttemptPurpose.Escalation], run.Trace.Attempts.Select(attempt => attempt.Purpose));
        Assert.Equal("42", run.Text);
    }

    [Fact]
    public async Task Repair_FailedDraft_IsNotRepaired()
    {
        attempter.On("weak", Script.Fails()).On("strong", "42");
        var run = await Run.OfAsync(route, attempter);
        Assert.Equal([AttemptPurpose.Draft, AttemptPurpose.Escalation], run.Trace.Attempts.Select(attempt => attempt.Purpose));
    }

    [Fact]
    public async Task Stage_NotConstrained_AsksForTheSchemaInWords()
    {
        using var schema = JsonDocument.Parse("""{"type":"object"}""");
        attempter.On("weak", "42");
        var request = Run.Question() with { ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonSchema, "x", schema.RootElement) };
        await Run.OfAsync(route with { Draft = route.Draft with { Constrain = false } }, attempter, request: request);
        var asked = attempter.Asked[0].Request;
        Assert.Null(asked.ResponseFormat);
        Assert.Contains("""{"type":"object"}""", asked.Messages[0].Text);
        Assert.Equal(ChatRole.System, asked.Messages[0].Role);
    }
}
