using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.ToolCalls;

namespace Countersign.Protocol.Tests.ToolCalls;

/// <summary>Broken calls reach the validator as findings.</summary>
public sealed class BrokenCallTests
{
    private static readonly IReadOnlyList<ToolDefinition> Tools = RawCase.ToolsOf(JsonElement.Parse("""{"weather": {"city": "string", "days": "integer"}}"""));

    [Fact]
    public void UnknownTool_IsFound()
    {
        var choice = Read("qwen3-8b", """<tool_call>{"name": "wether", "arguments": {}}</tool_call>""");
        Assert.Equal("There is no tool named \"wether\".", Assert.Single(choice.ParserFindings));
        Assert.Equal("wether", Assert.Single(choice.ToolCalls).Name);
    }

    [Theory]
    [InlineData("qwen3-8b", """<tool_call>{"name": "weather", "arguments": {"city": "Rome", "city": "Oslo"}}</tool_call>""")]
    [InlineData("kimi-k2", """<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>{"city": "Rome", "city": "Oslo"}<|tool_call_end|><|tool_calls_section_end|>""")]
    [InlineData("qwen3-coder", "<tool_call><function=weather><parameter=city>Rome</parameter><parameter=city>Oslo</parameter></function></tool_call>")]
    [InlineData("glm-4.6", "<tool_call>weather<arg_key>city</arg_key><arg_value>Rome</arg_value><arg_key>city</arg_key><arg_value>Oslo</arg_value></tool_call>")]
    public void ArgumentGivenTwice_IsFound(string family, string text) => Assert.Contains("twice", Assert.Single(Read(family, text).ParserFindings), StringComparison.Ordinal);

    [Fact]
    public void NameGivenTwice_IsNoCall()
    {
        const string Text = """<tool_call>{"name": "weather", "name": "rm", "arguments": {}}</tool_call>""";
        var choice = Read("qwen3-8b", Text);
        Assert.Empty(choice.ToolCalls);
        Assert.Equal(Text, choice.Text);
        Assert.Single(choice.ParserFindings);
    }

    [Theory]
    [InlineData("qwen3-8b", """<tool_call>{"name": "weather", "arguments": {"city": "Ro""")]
    [InlineData("llama-3.1-8b", """{"name": "weather", "parameters": {"city": "Ro""")]
    [InlineData("glm-4.5", "<tool_call>weather<arg_key>city</arg_key><arg_value>Ro")]
    [InlineData("gemma-4-31b", "<|tool_call>call:weather{city:<|\"|>Ro")]
    [InlineData("llama-4-scout", "[weather(city='Ro")]
    public void CutOffCall_OfAFormatThatWaits_IsTextWithAFinding(string family, string text)
    {
        var choice = Read(family, text);
        Assert.Empty(choice.ToolCalls);
        Assert.Equal(text, choice.Text);
        Assert.Contains("cut off", Assert.Single(choice.ParserFindings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mistral-small-3.2", """[TOOL_CALLS]weather{"city": "Ro""", """{"city": "Ro""")]
    [InlineData("kimi-k2", """<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:3<|tool_call_argument_begin|>{"city": "Ro""", """{"city": "Ro""")]
    [InlineData("deepseek-v3.1", """<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>{"city": "Ro""", """{"city": "Ro""")]
    [InlineData("qwen3-coder", "<tool_call>\n<function=weather>\n<parameter=city>\nRo", """{"city": "Ro""")]
    [InlineData("minimax-m2", "<minimax:tool_call><invoke name=\"weather\"><parameter name=\"days\">1", "")]
    [InlineData("gpt-oss-20b", """<|channel|>commentary to=functions.weather<|message|>{"city": "Ro""", """{"city": "Ro""")]
    public void CutOffCall_OfAFormatThatFlows_KeepsWhatWasCertain(string family, string text, string arguments)
    {
        var choice = Read(family, text);
        Assert.Equal(arguments, Assert.Single(choice.ToolCalls).Arguments);
        Assert.Contains("cut off", Assert.Single(choice.ParserFindings), StringComparison.Ordinal);
    }

    [Fact]
    public void CallWithinAThought_IsNotMade()
    {
        var choice = Read("qwen3-8b", """<think>I could write <tool_call>{"name": "weather", "arguments": {}}</tool_call></think>No.""");
        Assert.Empty(choice.ToolCalls);
        Assert.Equal("No.", choice.Text);
        Assert.Single(choice.ParserFindings);
    }

    [Fact]
    public void CallWithinAThought_BeforeARealOne_IsNoFinding()
    {
        const string Call = """<tool_call>{"name": "weather", "arguments": {}}</tool_call>""";
        var choice = Read("qwen3-8b", $"<think>{Call}</think>{Call}");
        Assert.Single(choice.ToolCalls);
        Assert.Empty(choice.ParserFindings);
    }

    [Theory]
    [InlineData("llama-3.1-8b", """An object: {"name": "Rome", "size": 3} and {x} and { "a": 1 }.""")]
    [InlineData("llama-4-scout", "See [1], [the docs](https://x.y) and [max(a, b)].")]
    [InlineData("qwen3-8b", "Tags such as <tool> or <tool_calls> are text.")]
    public void TextThatLooksLikeACall_IsText(string family, string text)
    {
        var choice = Read(family, text);
        Assert.Equal(text, choice.Text);
        Assert.Empty(choice.ParserFindings);
    }

    [Fact]
    public void DeeplyNestedArguments_DoNotThrow()
    {
        string deep = new('[', 5000);
        Assert.Empty(Read("qwen3-8b", $$"""<tool_call>{"name": "weather", "arguments": {{deep}}""").ToolCalls);
        Assert.NotEmpty(Read("gemma-4-31b", $"<|tool_call>call:weather{{city:{deep}}}<tool_call|>").ParserFindings);
    }

    private static ChatChoice Read(string family, string text) =>
        new RawCase(family, TextStyles.For(family), text, false, Tools, null).Read(text.Chunk(3).Select(piece => new string(piece)));
}
