using System.Text.Json;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Validators;

public sealed class ToolCallValidatorTests
{
    private static readonly ToolDefinition[] Tools =
    [
        new() { Name = "weather.get", Parameters = Json("""{"type":"dict","properties":{"city":{"type":"string"},"days":{"type":"integer"},"unit":{"type":"string","enum":["C","F"]}},"required":["city"]}""") },
        new() { Name = "clock" },
    ];

    [Fact]
    public async Task Judge_FittingCall_AcceptsItAsItIs()
    {
        var verdict = await JudgeAsync("{}", new ToolCall("1", "weather.get", """{"city":"Rome","days":3}"""));
        Assert.Equal((VerdictKind.Accept, null), (verdict.Kind, verdict.Mended));
    }

    [Theory]
    [InlineData("weather.get", """{"city":"Rome","days":"3"}""", """{"city":"Rome","days":3}""")]
    [InlineData("weather_get", """{"city":"Rome"}""", """{"city":"Rome"}""")]
    [InlineData("weather.get", "{'city': 'Rome',}", """{"city":"Rome"}""")]
    public async Task Judge_NearCall_AcceptsItMended(string name, string arguments, string mended)
    {
        var verdict = await JudgeAsync("{}", new ToolCall("1", name, arguments));
        Assert.Equal(VerdictKind.Accept, verdict.Kind);
        Assert.Equal(new ToolCall("1", "weather.get", mended), Assert.Single(verdict.Mended!.Choices[0].ToolCalls));
        Assert.Equal(VerdictKind.Reject, (await JudgeAsync("""{"mend":false}""", new ToolCall("1", name, arguments))).Kind);
    }

    [Theory]
    [InlineData("forecast", "{}", "There is no tool named \"forecast\"")]
    [InlineData("weather.get", """{"days":3}""", "must have the property \"city\"")]
    [InlineData("weather.get", """{"city":"Rome","country":"IT"}""", "must not have the property \"country\"")]
    [InlineData("weather.get", """{"city":"Rome","unit":"K"}""", "The argument /unit of weather.get must be one of \"C\", \"F\"")]
    [InlineData("weather.get", """{"city":"Rome","days":""", "breaks off")]
    [InlineData("weather.get", """{"city":"Rome","days":"03"}""", "The argument /days of weather.get must be")]
    [InlineData("weather.get", "[1]", "no JSON object")]
    [InlineData("weather.get", """{"city":"Rome"}{"city":"Paris"}""", "more than one JSON object")]
    [InlineData("weather.get", """{"city":"\ud800"}""", "half a character")]
    public async Task Judge_WrongCall_SaysWhatIsWrong(string name, string arguments, string message)
    {
        var verdict = await JudgeAsync("{}", new ToolCall("1", name, arguments));
        Assert.Equal(VerdictKind.Reject, verdict.Kind);
        Assert.Contains(message, verdict.Findings[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("tool_calls[0]", verdict.Findings[0].Where, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judge_CallsWrittenAsText_BecomeCalls()
    {
        var verdict = await Drafts.Validator("tool_call", "{}").JudgeAsync("[weather.get({'city': 'Rome', 'days': '2'}), clock()]", Context());
        Assert.Equal(VerdictKind.Accept, verdict.Kind);
        var choice = verdict.Mended!.Choices[0];
        Assert.Equal(("", FinishReason.ToolCalls), (choice.Text, choice.FinishReason));
        Assert.Equal(["""{"city":"Rome","days":2}""", "{}"], choice.ToolCalls.Select(call => call.Arguments));
        Assert.Equal(VerdictKind.Accept, (await Drafts.Validator("tool_call", """{"text_calls":false}""").JudgeAsync("[clock()]", Context())).Kind);
    }

    [Fact]
    public async Task Judge_NoCall_IsRejectedWhereOneIsDemanded()
    {
        Assert.Equal(VerdictKind.Accept, (await Drafts.Validator("tool_call", "{}").JudgeAsync("It rains.", Context())).Kind);
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("tool_call", """{"require_call":true}""").JudgeAsync("It rains.", Context())).Kind);
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("tool_call", "{}").JudgeAsync("It rains.", Context(new ToolChoice(ToolChoiceMode.Required)))).Kind);
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("tool_call", "{}").JudgeAsync("[weather.get(city='Rome')]", Context(new ToolChoice(ToolChoiceMode.Named, "clock")))).Kind);
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("tool_call", "{}").JudgeAsync("[clock()]", Context(new ToolChoice(ToolChoiceMode.None)))).Kind);
    }

    [Theory]
    [InlineData("weather.get", true)]
    [InlineData("clock", false)]
    public async Task Judge_NearNameWhereOneToolIsNamed_IsMendedBeforeItIsCompared(string named, bool accepted)
    {
        var verdict = await JudgeAsync("{}", new ToolCall("1", "weather_get", """{"city":"Rome"}"""), Context(new ToolChoice(ToolChoiceMode.Named, named)));
        Assert.Equal(accepted ? VerdictKind.Accept : VerdictKind.Reject, verdict.Kind);
        Assert.Equal(accepted ? "weather.get" : null, verdict.Mended?.Choices[0].ToolCalls[0].Name);
    }

    [Fact]
    public async Task Judge_WhatAParserNoticed_IsRejected()
    {
        var draft = Drafts.Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, ParserFindings = ["The call is cut off."] }] });
        var verdict = await Drafts.Validator("tool_call", "{}").JudgeAsync(draft, Context(), TestContext.Current.CancellationToken);
        Assert.Equal("The call is cut off.", Assert.Single(verdict.Findings).Message);
    }

    [Fact]
    public async Task Judge_ToolWithoutASchema_IsUnknownWhereTheSchemaIsBroken()
    {
        var context = Drafts.Context(request: Run.Question() with { Tools = [new ToolDefinition { Name = "f", Parameters = Json("""{"type":"object","required":5}""") }] });
        var draft = Drafts.Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, ToolCalls = [new ToolCall("1", "f", "{}")] }] });
        Assert.Equal(VerdictKind.Unknown, (await Drafts.Validator("tool_call", "{}").JudgeAsync(draft, context, TestContext.Current.CancellationToken)).Kind);
    }

    [Fact]
    public async Task Judge_CodeInProse_StaysTheText()
    {
        var verdict = await Drafts.Validator("tool_call", "{}").JudgeAsync("Like this:\n```python\nprint(\"hi\")\nclock()\n```", Context());
        Assert.Equal((VerdictKind.Accept, null), (verdict.Kind, verdict.Mended));
    }

    [Fact]
    public async Task Judge_AWrongCallBesideOneThatCannotBeJudged_IsRejected()
    {
        ToolDefinition[] tools = [.. Tools, new ToolDefinition { Name = "f", Parameters = Json("""{"type":"object","required":5}""") }];
        var draft = Drafts.Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, ToolCalls = [new ToolCall("1", "f", "{}"), new ToolCall("2", "nothing", "{}")] }] });
        var verdict = await Drafts.Validator("tool_call", "{}").JudgeAsync(draft, Drafts.Context(request: Run.Question() with { Tools = tools }), TestContext.Current.CancellationToken);
        Assert.Equal(VerdictKind.Reject, verdict.Kind);
    }

    [Theory]
    [InlineData("{}", "weather_get", null, true)]
    [InlineData("""{"mend":false}""", "weather_get", null, false)]
    [InlineData("{}", "forecast", null, false)]
    [InlineData("{}", "", null, false)]
    [InlineData("{}", "clock", ToolChoiceMode.None, false)]
    [InlineData("{}", "weather_get", ToolChoiceMode.Named, true)]
    [InlineData("{}", "clock", ToolChoiceMode.Named, false)]
    public void Prefix_NameOfACall_IsCondemnedWhereNoArgumentsCanMakeItRight(string options, string name, ToolChoiceMode? mode, bool goesOn)
    {
        var context = Context(mode is { } rule ? new ToolChoice(rule, "weather.get") : null);
        var judge = Drafts.Validator("tool_call", options).JudgePrefix(context)!;
        Assert.Null(judge.See(new TextDelta(0, "Let me see.")));
        Assert.Equal(goesOn, judge.See(new ToolCallDelta(0, 0, "1", name, "")) is null);
        if (goesOn) Assert.Null(judge.See(new ToolCallDelta(0, 0, null, null, "{'city': ")));
    }

    [Fact]
    public void Prefix_SecondCallOfAChoiceWhereOneIsAllowed_IsCondemned()
    {
        var judge = Drafts.Validator("tool_call", "{}").JudgePrefix(Drafts.Context(request: Run.Question() with { Tools = Tools, ParallelToolCalls = false }))!;
        Assert.Null(judge.See(new ToolCallDelta(0, 0, "1", "clock", "{}")));
        Assert.Null(judge.See(new ToolCallDelta(1, 0, "1", "clock", "{}")));
        Assert.NotNull(judge.See(new ToolCallDelta(0, 1, "2", "clock", "{}")));
    }

    [Fact]
    public void Prefix_WithoutTools_WatchesNothing() => Assert.Null(Drafts.Validator("tool_call", "{}").JudgePrefix(Drafts.Context()));

    private static ValidationContext Context(ToolChoice? choice = null) => Drafts.Context(request: Run.Question() with { Tools = Tools, ToolChoice = choice });

    private static ValueTask<Verdict> JudgeAsync(string options, ToolCall call, ValidationContext? context = null) =>
        Drafts.Validator("tool_call", options).JudgeAsync(Drafts.Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, ToolCalls = [call] }] }), context ?? Context(), TestContext.Current.CancellationToken);

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
