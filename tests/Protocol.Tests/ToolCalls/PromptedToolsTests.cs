using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.ToolCalls;

public sealed class PromptedToolsTests
{
    private static readonly ToolDefinition Weather = new() { Name = "weather", Description = "Today's weather.", Parameters = JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""") };

    [Fact]
    public void Tools_AreDescribedBeforeTheConversation()
    {
        var said = PromptedTools.Apply(Request([ChatMessage.Of(ChatRole.User, "Rome?")]));
        Assert.Empty(said.Tools);
        Assert.Equal([ChatRole.System, ChatRole.User], said.Messages.Select(message => message.Role));
        Assert.Contains("""{"name":"weather","description":"Today's weather.","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}""", said.Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void SystemMessage_KeepsItsTextAfterTheTools()
    {
        var said = PromptedTools.Apply(Request([ChatMessage.Of(ChatRole.System, "Be brief."), ChatMessage.Of(ChatRole.User, "Rome?")]));
        Assert.Equal(2, said.Messages.Count);
        Assert.EndsWith("\n\nBe brief.", said.Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void EarlierCallsAndResults_AreTextThatTheFormatReadsAgain()
    {
        var call = new ChatMessage { Role = ChatRole.Assistant, Parts = [new ToolCallPart(new ToolCall("call_1", "weather", """{"city":"Róma"}"""))] };
        var result = new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart("call_1", [new TextPart("sunny")])] };
        var said = PromptedTools.Apply(Request([call, result]));
        Assert.Equal("<tool_call>\n{\"name\":\"weather\",\"arguments\":{\"city\":\"Róma\"}}\n</tool_call>\n", said.Messages[1].Text);
        Assert.Equal((ChatRole.User, "<tool_response>\nsunny\n</tool_response>\n"), (said.Messages[2].Role, said.Messages[2].Text));
        var read = new RawCase("again", new(ToolCallFormats.For("gemma-3-27b"), null), said.Messages[1].Text, false, [Weather], null).Read([said.Messages[1].Text]);
        Assert.Equal("""{"city":"Róma"}""", Assert.Single(read.ToolCalls).Arguments);
    }

    [Fact]
    public void ToolChoiceNone_OffersNoTools()
    {
        var said = PromptedTools.Apply(Request([ChatMessage.Of(ChatRole.User, "Rome?")]) with { ToolChoice = new ToolChoice(ToolChoiceMode.None) });
        Assert.Equal("Rome?", Assert.Single(said.Messages).Text);
    }

    [Fact]
    public void ToolThatMustBeCalled_IsNamed()
    {
        var said = PromptedTools.Apply(Request([]) with { ToolChoice = new ToolChoice(ToolChoiceMode.Named, "weather") });
        Assert.EndsWith("You must call the tool weather.", said.Messages[0].Text, StringComparison.Ordinal);
    }

    private static ChatRequest Request(IReadOnlyList<ChatMessage> messages) => new() { Api = WireApiKind.OpenAiChat, Model = "m", Messages = messages, Tools = [Weather] };
}
