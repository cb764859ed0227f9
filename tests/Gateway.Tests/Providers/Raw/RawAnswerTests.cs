using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Gateway.Providers.Raw;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Tests.Providers.Raw;

/// <summary>Conversations with models that only take and give text.</summary>
public sealed class RawAnswerTests
{
    private const string Template = """
        {%- for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}{% endfor %}
        {%- if tools %}{{ tools | tojson }}{% endif %}{% if enable_thinking %}{{ '<think>\n' }}{% endif %}
        """;

    private static readonly ToolDefinition Weather = new() { Name = "weather", Parameters = JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""") };

    private readonly RequestTrace trace = new();

    [Fact]
    public void ThinkingFamily_InAnOpenThought_ReadsThoughtTextAndCalls()
    {
        var chat = RawChat.Of("qwen3-8b", new TemplateSet(Template), Request() with { Tools = [Weather] }, trace);
        var answer = Read(new RawAnswer(chat, startsInThought: true), "It is ", "Oslo.</thi", "nk>\n\nI look.\n<tool_call>\n{\"name\": \"weather\", \"arg", "uments\": {\"city\": \"Oslo\"}}\n</tool_call>");
        Assert.Equal("It is Oslo.", Assert.Single(answer.Reasoning).Text);
        Assert.Equal("I look.", answer.Text.Trim());
        Assert.Equal(("weather", """{"city": "Oslo"}"""), (answer.ToolCalls[0].Name, answer.ToolCalls[0].Arguments));
        Assert.Equal(FinishReason.ToolCalls, answer.FinishReason);
    }

    [Fact]
    public void NoToolsOffered_WhatLooksLikeACall_IsText()
    {
        var chat = RawChat.Of("qwen3-8b", new TemplateSet(Template), Request(), trace);
        const string Text = "<tool_call>{\"name\": \"weather\", \"arguments\": {}}</tool_call>";
        var answer = Read(new RawAnswer(chat, startsInThought: false), Text);
        Assert.Equal((Text, 0, FinishReason.Stop), (answer.Text, answer.ToolCalls.Count, answer.FinishReason));
    }

    [Fact]
    public void FamilyWithToolsOfItsOwn_GetsThemFromItsTemplate_OthersInWords()
    {
        var request = Request() with { Tools = [Weather] };
        Assert.Contains("\"name\": \"weather\"", RawChat.Of("qwen3-8b", new TemplateSet(Template), request, trace).Render("", "", null));
        var prompted = RawChat.Of("smollm2", new TemplateSet(Template), request, trace);
        Assert.Empty(prompted.Request.Tools);
        Assert.Contains("<tools>", prompted.Render("", "", null));
        var answer = Read(new RawAnswer(prompted, startsInThought: false), "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>");
        Assert.Equal("weather", Assert.Single(answer.ToolCalls).Name);
    }

    [Fact]
    public void SeveralChoices_AreReadApart()
    {
        var raw = new RawAnswer(RawChat.Of("qwen3-8b", new TemplateSet(Template), Request(), trace), startsInThought: true);
        ChatEvent[] events = [.. raw.Add(0, "a</think>b"), .. raw.Add(1, "c"), .. raw.Finish(0, FinishReason.Stop, null), .. raw.Finish(1, FinishReason.Length, null)];
        Assert.Equal("b", string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)));
        Assert.Equal(["a", "c"], events.OfType<ReasoningDelta>().Where(delta => delta.Text.Length > 0).OrderBy(delta => delta.Choice).Select(delta => delta.Text));
        Assert.Equal([FinishReason.Stop, FinishReason.Length], events.OfType<ChoiceFinished>().Select(finished => finished.Reason));
    }

    [Fact]
    public void Images_AreRefused_AndKnobsWithoutEffectAreNamed()
    {
        var image = new ChatMessage { Role = ChatRole.User, Parts = [new ImagePart("http://a/b.png", null, null, null)] };
        var refused = Assert.Throws<ProblemException>(() => RawChat.Of("a", new TemplateSet(null), Request() with { Messages = [image] }, trace));
        Assert.Equal("messages[0].content", refused.Problem.Param);
        RawChat.Of("a", new TemplateSet(null), Request() with { Thinking = new Thinking(ThinkingLevel.High) }, trace);
        Assert.Contains(trace.Warnings, warning => warning.StartsWith("thinking", StringComparison.Ordinal));
        Assert.Contains(trace.Warnings, warning => warning.Contains("ChatML"));
    }

    private static ChatChoice Read(RawAnswer raw, params string[] pieces)
    {
        var builder = new AnswerBuilder();
        foreach (string piece in pieces) Add(raw.Add(0, piece));
        Add(raw.Finish(0, FinishReason.Stop, null));
        return builder.Build().Choices[0];

        void Add(IReadOnlyList<ChatEvent> events)
        {
            foreach (var chatEvent in events) builder.Add(chatEvent);
        }
    }

    private static ChatRequest Request() => new() { Api = WireApiKind.OpenAiChat, Model = "a", Messages = [ChatMessage.Of(ChatRole.User, "Weather in Oslo?")] };
}
