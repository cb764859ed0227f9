using System.Text.Json.Nodes;
using Countersign.Protocol.Dialects.PromptCaching;
using static Countersign.Protocol.Tests.Dialects.PromptCaching.Prompts;

namespace Countersign.Protocol.Tests.Dialects.PromptCaching;

/// <summary>Where marks and keys are put, for each kind of upstream.</summary>
public sealed class PromptCacheTests
{
    private static readonly CacheRule Blocks = new(CacheMarks.Blocks, false, 1024);
    private static readonly CacheRule Parts = new(CacheMarks.Parts, false, 1024);
    private static readonly CacheRule Breakpoints = new(CacheMarks.Breakpoints, true, 1024);
    private static readonly CacheRule Keyed = new(CacheMarks.None, true, 1024);

    private static readonly string Tool = $$$"""{"name":"f","description":"{{{Long}}}","input_schema":{"type":"object"}}""";

    [Fact]
    public void Blocks_OfAFirstRequest_AreMarkedAfterToolsAndSystemOnly()
    {
        var (body, marking) = Mark($$"""{"model":"m","system":"{{Long}}","messages":[{"role":"user","content":"{{Long}}"}],"tools":[{"name":"e","input_schema":{} },{{Tool}}]}""", Blocks);
        Assert.Equal(["$.system[0]", "$.tools[1]"], MarksIn(body));
        Assert.Equal(Ephemeral, body["tools"]![1]!["cache_control"]!.ToJsonString());
        Assert.Equal("text", (string?)body["system"]![0]!["type"]);
        Assert.Equal(["system", "tools"], marking!.Marks);
        Assert.False(marking.Key);
    }

    [Fact]
    public void Blocks_OfAConversation_AreMarkedWhereThisRequestEndsAndTheOneBeforeEnded()
    {
        var (body, marking) = Mark($$"""
            {"model":"m","system":[{"type":"text","text":"{{Long}}"},{"type":"text","text":"b"}],"tools":[{{Tool}}],"messages":[
            {"role":"user","content":"one"},{"role":"assistant","content":"two"},
            {"role":"user","content":[{"type":"text","text":"three"}]},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{} }]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"4"},{"type":"text","text":"five"}]}]}
            """, Blocks);
        Assert.Equal(["$.system[1]", "$.tools[0]", "$.messages[2].content[0]", "$.messages[4].content[1]"], MarksIn(body));
        Assert.Equal(["system", "tools", "history"], marking!.Marks);
    }

    [Fact]
    public void Blocks_EndOfTheRequestBefore_IsMarkedInTheNextJustTheSame()
    {
        string first = $$"""{"model":"m","messages":[{"role":"user","content":"{{Long}}"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""";
        string next = first.Replace("""{"role":"user","content":"c"}""", """{"role":"user","content":"c"},{"role":"assistant","content":"d"},{"role":"user","content":"e"}""", StringComparison.Ordinal);
        var (one, two) = (Mark(first, Blocks).Body, Mark(next, Blocks).Body);
        Assert.Equal(["$.messages[0].content[0]", "$.messages[2].content[0]"], MarksIn(one));
        Assert.Equal(["$.messages[2].content[0]", "$.messages[4].content[0]"], MarksIn(two));
        Assert.Equal(one["messages"]![2]!.ToJsonString(), two["messages"]![2]!.ToJsonString());
    }

    [Theory]
    [InlineData("""[{"type":"text","text":""}]""")]
    [InlineData("""[{"type":"thinking","thinking":"x","signature":"y"}]""")]
    [InlineData("""[{"thinking":"x","signature":"y","type":"thinking"}]""")]
    [InlineData("""[]""")]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void Blocks_ThatBearNoMark_GetNone(string content)
    {
        var (body, marking) = Mark($$"""{"model":"m","messages":[{"role":"user","content":"{{Long}}"},{"role":"assistant","content":"b"},{"role":"user","content":{{content}}}]}""", Blocks);
        Assert.Equal(["$.messages[0].content[0]"], MarksIn(body));
        Assert.Equal(["history"], marking!.Marks);
    }

    [Fact]
    public void Repair_IsMarkedWhereTheDraftWas()
    {
        string draft = $$"""{"role":"user","content":"{{Long}}"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}""";
        var drafted = Mark($$"""{"model":"m","messages":[{{draft}}]}""", Blocks).Body;
        var repaired = Mark($$"""{"model":"m","messages":[{{draft}},{"role":"assistant","content":"wrong"},{"role":"user","content":"findings"}]}""", Blocks, Scope with { IsRepair = true }).Body;
        string prefix = drafted.ToJsonString()[..^"]}".Length];
        Assert.StartsWith(prefix, repaired.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(MarksIn(drafted), MarksIn(repaired));
    }

    [Fact]
    public void Repair_OfAFirstRequest_KeepsTheSystemOnly()
    {
        var (body, _) = Mark($$"""{"model":"m","system":"{{Long}}","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"wrong"},{"role":"user","content":"findings"}]}""", Blocks, Scope with { IsRepair = true });
        Assert.Equal(["$.system[0]"], MarksIn(body));
    }

    [Fact]
    public void FirstRequest_ThatIsAskedSeveralTimes_IsMarkedAtItsEnd()
    {
        var (body, _) = Mark($$"""{"model":"m","system":"short","messages":[{"role":"user","content":"{{Long}}"}]}""", Blocks, Scope with { IsAskedAgain = true });
        Assert.Equal(["$.messages[0].content[0]"], MarksIn(body));
    }

    [Fact]
    public void ToolThatIsLoadedLater_BearsNoMark()
    {
        var (body, _) = Mark($$"""{"model":"m","tools":[{{Tool}},{"name":"g","defer_loading":true,"input_schema":{} }],"system":"s","messages":[{"role":"user","content":"a"}]}""", Blocks);
        Assert.Equal(["$.system[0]"], MarksIn(body));
    }

    [Theory]
    [InlineData(CacheMarks.Blocks)]
    [InlineData(CacheMarks.Parts)]
    public void CallersOwnMarks_AreLeftAlone(CacheMarks marks)
    {
        string body = $$"""{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"{{Long}}","cache_control":{"type":"ephemeral","ttl":"1h"} }]},{"role":"user","content":"a"}] }""";
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        var (marked, marking) = PromptCache.Mark(bytes, new CacheRule(marks, false, 1024), Scope);
        Assert.Null(marking);
        Assert.True(marked.Span.SequenceEqual(bytes));
    }

    [Fact]
    public void NameOfAMark_WithinAText_IsNoMark() =>
        Assert.NotNull(Mark($$"""{"model":"m","system":"{{Long}} \"cache_control\"","messages":[{"role":"user","content":"a"}]}""", Blocks).Marking);

    [Fact]
    public void ShortPrefix_IsNotMarked()
    {
        Assert.Null(Mark("""{"model":"m","system":"short","messages":[{"role":"user","content":"a"}]}""", Blocks).Marking);
        Assert.Null(Mark($$"""{"model":"m","system":"short","messages":[{"role":"user","content":"{{Long}}"}]}""", Blocks).Marking);
        Assert.Null(Mark($$"""{"model":"m","system":"{{Long}}","messages":[{"role":"user","content":"{{Long}}{{Long}}{{Long}}"}]}""", Blocks with { LeastTokens = 4096 }).Marking);
    }

    [Fact]
    public void Parts_AreMarkedInMessages_NeverOnTools()
    {
        var (body, marking) = Mark($$"""
            {"model":"qwen-plus","tools":[{"type":"function","function":{"name":"f","description":"{{Long}}"} }],"messages":[{"role":"system","content":"{{Long}}"},
            {"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"} }]},{"role":"tool","tool_call_id":"c","content":"4"}]}
            """, Parts);
        Assert.Equal(["$.messages[0].content[0]", "$.messages[1].content[0]", "$.messages[3].content[0]"], MarksIn(body));
        Assert.Equal(["system", "history"], marking!.Marks);
        Assert.Equal("4", (string?)body["messages"]![3]!["content"]![0]!["text"]);
    }

    [Fact]
    public void Breakpoint_StandsAfterTheInstructions_BesideTheKey()
    {
        string chat = $$"""{"model":"gpt-5.6","messages":[{"role":"developer","content":"{{Long}}"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""";
        var (body, marking) = Mark(chat, Breakpoints);
        Assert.Equal("""{"mode":"explicit"}""", body["messages"]![0]!["content"]![0]!["prompt_cache_breakpoint"]!.ToJsonString());
        Assert.Single(MarksIn(body));
        Assert.True(marking!.Key);
    }

    [Fact]
    public void Breakpoint_InResponses_NeedsABlock()
    {
        var input = Mark($$"""{"model":"gpt-5.6","input":[{"role":"developer","content":"{{Long}}"},{"role":"user","content":"a"}]}""", Breakpoints).Body;
        Assert.Equal(("input_text", """{"mode":"explicit"}"""), ((string?)input["input"]![0]!["content"]![0]!["type"], input["input"]![0]!["content"]![0]!["prompt_cache_breakpoint"]!.ToJsonString()));
        var (instructions, marking) = Mark($$"""{"model":"gpt-5.6","instructions":"{{Long}}","input":"a"}""", Breakpoints);
        Assert.Empty(MarksIn(instructions)); // That field is a text and stays one.
        Assert.True(marking!.Key);
    }

    [Fact]
    public void Key_IsTheSameForOnePrefixOfOneCaller_AndTellsNothing()
    {
        string key = KeyOf(Long, "hello", Scope);
        Assert.Equal(key, KeyOf(Long, "something else", Scope));
        Assert.NotEqual(key, KeyOf(Long + "!", "hello", Scope));
        Assert.NotEqual(key, KeyOf(Long, "hello", Scope with { Caller = "other" }));
        Assert.NotEqual(key, KeyOf(Long, "hello", Scope with { Deployment = "other" }));
        Assert.Matches("^countersign-[0-9a-f]{32}$", key);
    }

    [Fact]
    public void Key_WithoutInstructions_IsTheConversations()
    {
        string first = $$"""{"model":"m","messages":[{"role":"user","content":"{{Long}}"}""";
        string? one = (string?)Mark(first + "]}", Keyed).Body["prompt_cache_key"], two = (string?)Mark(first + ""","x":1,{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""".Replace(",\"x\":1", "", StringComparison.Ordinal), Keyed).Body["prompt_cache_key"];
        Assert.NotNull(one);
        Assert.Equal(one, two);
    }

    [Fact]
    public void Key_OfTheCaller_Stays()
    {
        var (body, marking) = Mark($$"""{"model":"m","prompt_cache_key":"mine","messages":[{"role":"user","content":"{{Long}}"}]}""", Keyed);
        Assert.Null(marking);
        Assert.Equal("mine", (string?)body["prompt_cache_key"]);
    }

    [Fact]
    public void RandomPrompts_KeepTheirMeaning_AndHaveAtMostFourMarks()
    {
        var random = new Random(7);
        for (int i = 0; i < 2000; i++)
        {
            string text = RandomPrompt.Of(random);
            var rule = new CacheRule((CacheMarks)random.Next(4), random.Next(2) == 0, 4);
            var (body, _) = Mark(text, rule, Scope with { IsRepair = random.Next(4) == 0, IsAskedAgain = random.Next(4) == 0 });
            Assert.True(JsonNode.DeepEquals(Meaning(JsonNode.Parse(text)), Meaning(body)), $"{text}\n{body.ToJsonString()}");
            Assert.InRange(MarksIn(body).Count, 0, 4);
        }
    }

    private static string KeyOf(string system, string user, CacheScope scope) =>
        (string)Mark($$"""{"model":"m","messages":[{"role":"system","content":"{{system}}"},{"role":"user","content":"{{user}}"}]}""", Keyed, scope).Body["prompt_cache_key"]!;
}
