using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Wire;
using static Countersign.Protocol.Tests.Wire.WireTesting;

namespace Countersign.Protocol.Tests.Dialects.Efforts;

public sealed class ReplayedReasoningTests
{
    private const string Talk = """
        {"model":"m","messages":[
          {"role":"user","content":"one"},
          {"role":"assistant","content":"1","reasoning_content":"old"},
          {"role":"user","content":"two"},
          {"role":"assistant","content":null,"reasoning_content":"new","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"c1","content":"ok"}]}
        """;

    [Theory]
    [InlineData("deepseek-ai/DeepSeek-R1", null, null)] // never
    [InlineData("zai-org/GLM-4.7", null, "new")] // within the tool loop
    [InlineData("deepseek-v4-pro", "old", "new")] // always
    [InlineData("nobodys-model", "old", "new")] // unknown: as the caller sent it
    public void For_Family_GetsBackWhatItWants(string model, string? old, string? current)
    {
        var messages = WriteChat(ReplayedReasoning.For(ReadChat(Talk), EffortRules.For(model, "vllm")))["messages"]!;
        Assert.Equal((old, current), ((string?)messages[1]!["reasoning_content"], (string?)messages[3]!["reasoning_content"]));
        Assert.Equal(("1", "c1"), ((string?)messages[1]!["content"], (string?)messages[3]!["tool_calls"]![0]!["id"]));
    }

    [Fact]
    public void For_FamilyThatAlwaysWantsThem_GetsAnEmptyOneWhereThereIsNone()
    {
        var request = ReadChat("""{"model":"m","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"1"},{"role":"user","content":"two"}]}""");
        Assert.Equal("", (string?)WriteChat(ReplayedReasoning.For(request, EffortRules.For("deepseek-v4-flash", "deepseek")))["messages"]![1]!["reasoning_content"]);
    }

    [Fact]
    public void For_NothingToChange_IsTheSameRequest()
    {
        var request = ReadChat("""{"model":"m","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"1"},{"role":"user","content":"two"}]}""");
        Assert.Same(request, ReplayedReasoning.For(request, EffortRules.For("Qwen/Qwen3-32B", "vllm")));
    }

    [Theory]
    [InlineData("anthropic/claude-sonnet-5", true)]
    [InlineData("google/gemini-3.1-pro-preview", false)] // another maker's seal would be refused
    [InlineData("qwen/qwen3.6-27b", false)]
    public void For_SealThatNamesItsMaker_GoesToNoOther(string model, bool isKept)
    {
        var request = ReadChat("""
            {"model":"m","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"1","reasoning_details":[
              {"type":"reasoning.text","text":"hm","signature":"s1","format":"anthropic-claude-v1"}]},{"role":"user","content":"two"}]}
            """);
        Assert.Equal(isKept, ReferenceEquals(request, ReplayedReasoning.For(request, EffortRules.For(model, "openrouter"))));
        Assert.Equal(isKept, WriteChat(ReplayedReasoning.For(request, EffortRules.For(model, "openrouter"))).ToJsonString().Contains("s1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("claude-sonnet-5", "anthropic", "sealed")] // its own go back, others do not
    [InlineData("MiniMaxAI/MiniMax-M2", "minimax", "thought")] // of another maker: the words without the seal
    [InlineData("deepseek-ai/DeepSeek-R1", "vllm", "")]
    public void For_SealedReasoning_GoesBackToMakersWhoSeal(string model, string server, string kept)
    {
        var request = new ChatRequest
        {
            Api = WireApiKind.AnthropicMessages,
            Model = "m",
            Messages =
            [
                ChatMessage.Of(ChatRole.User, "one"),
                new ChatMessage
                {
                    Role = ChatRole.Assistant,
                    Parts = [new ReasoningPart("thought", "sealed"), new ReasoningPart("", null, "encrypted"), new ReasoningPart("bare"), new ToolCallPart(new ToolCall("c1", "f", "{}"))],
                },
                new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart("c1", [new TextPart("ok")])] },
            ],
        };
        var thoughts = ReplayedReasoning.For(request, EffortRules.For(model, server)).Messages[1].Parts.OfType<ReasoningPart>().ToList();
        ReasoningPart[] expected = kept switch
        {
            "sealed" => [new ReasoningPart("thought", "sealed"), new ReasoningPart("", null, "encrypted")],
            "thought" => [new ReasoningPart("thought"), new ReasoningPart("bare")],
            _ => [],
        };
        Assert.Equal(expected, thoughts);
    }
}
