using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.ToolCalls;

namespace Countersign.Protocol.Tests.ToolCalls;

/// <summary>What flows when, and by which names.</summary>
public sealed class RawStreamTests
{
    private static readonly IReadOnlyList<ToolDefinition> Tools = RawCase.ToolsOf(JsonElement.Parse("""{"save": {"text": "string", "count": "integer"}}"""));

    [Fact]
    public void Text_ThatCanBeNoMark_FlowsAtOnce()
    {
        var reader = new RawTextReader(TextStyles.For("qwen3-8b"), []);
        Assert.Equal(new TextDelta(0, "Is 3 "), Assert.Single(reader.Add("Is 3 <")));
        Assert.Equal(new TextDelta(0, "< 4?"), Assert.Single(reader.Add(" 4?")));
        Assert.Empty(reader.Complete());
    }

    [Fact]
    public void Arguments_OfAStringInTags_FlowWhileTheyAreWritten()
    {
        var reader = new RawTextReader(TextStyles.For("qwen3-coder"), Tools);
        var begun = reader.Add("<tool_call>\n<function=save>\n<parameter=text>\nfirst ");
        Assert.Equal("save", begun.OfType<ToolCallDelta>().First().Name);
        Assert.Equal("""{"text": "first""", string.Concat(begun.OfType<ToolCallDelta>().Select(delta => delta.Arguments)));
        Assert.Equal(" \\\"line\\\"", Assert.IsType<ToolCallDelta>(Assert.Single(reader.Add("\"line\""))).Arguments);
    }

    [Fact]
    public void Arguments_OfANumberInTags_WaitForTheirEnd()
    {
        var reader = new RawTextReader(TextStyles.For("qwen3-coder"), Tools);
        reader.Add("<tool_call>\n<function=save>\n<parameter=count>\n4");
        Assert.Equal("{\"count\": 42", Assert.IsType<ToolCallDelta>(Assert.Single(reader.Add("2\n</parameter>"))).Arguments);
    }

    [Fact]
    public void KimiId_IsKeptByteForByte()
    {
        const string Text = "<|tool_calls_section_begin|><|tool_call_begin|>functions.save:17<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>";
        Assert.Equal("functions.save:17", Ids("kimi-k2", Text)[0]);
    }

    [Fact]
    public void MistralId_IsNineLettersOrDigits() => Assert.Matches("^[a-zA-Z0-9]{9}$", Ids("mistral-small-3.2", "[TOOL_CALLS]save{}")[0]);

    [Fact]
    public void Ids_ThatAFamilyDoesNotWrite_DifferFromEachOther()
    {
        const string Call = """<tool_call>{"name": "save", "arguments": {}}</tool_call>""";
        var ids = Ids("qwen3-8b", Call + Call);
        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.StartsWith("call_", id, StringComparison.Ordinal));
    }

    [Fact]
    public void SurrogatePair_CutBetweenItsHalves_IsGivenWhole()
    {
        var reader = new RawTextReader(TextStyles.For("smollm2-135m"), []);
        Assert.Equal(new TextDelta(0, "a"), Assert.Single(reader.Add("a\ud83c")));
        Assert.Equal(new TextDelta(0, "🎉"), Assert.Single(reader.Add("\udf89")));
    }

    [Fact]
    public void AnswerThatStartsInTheThought_IsReasoningUntilItsEnd()
    {
        var style = TextStyles.For("qwq-32b");
        Assert.True(style.Thoughts!.IsOpenAfter("<|im_start|>assistant\n<think>\n"));
        var reader = new RawTextReader(style, [], startsInThought: true);
        Assert.Equal(new ReasoningDelta(0, "Hm."), Assert.Single(reader.Add("Hm.")));
        Assert.Equal(new TextDelta(0, "Yes."), Assert.Single(reader.Add("</think>Yes.")));
    }

    [Theory]
    [InlineData("Qwen/Qwen3-30B-A3B", "hermes_json")]
    [InlineData("Qwen/Qwen3-Coder-480B-A35B-Instruct", "qwen3_coder_xml")]
    [InlineData("qwen3.6-27b", "qwen3_coder_xml")]
    [InlineData("nemotron-3-super", "qwen3_coder_xml")]
    [InlineData("deepseek-r1", "deepseek_v3")]
    [InlineData("deepseek-v3.1", "deepseek_v31")]
    [InlineData("deepseek-v3.2", "deepseek_dsml")]
    [InlineData("deepseek-v4", "deepseek_dsml_v4")]
    [InlineData("minimax-m2-m3", "minimax_m2")]
    [InlineData("gpt-oss", "harmony")]
    [InlineData("gemma-3-27b", "hermes_json")]
    [InlineData("smollm2-135m-instruct", null)]
    public void Family_HasItsFormat(string family, string? format) => Assert.Equal(format, ToolCallFormats.For(family)?.Name);

    private static List<string> Ids(string family, string text)
    {
        var reader = new RawTextReader(TextStyles.For(family), Tools);
        return [.. reader.Add(text).Concat(reader.Complete()).OfType<ToolCallDelta>().Where(delta => delta.Id is not null).Select(delta => delta.Id!)];
    }
}
