using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Tests.Wire;
using Countersign.Protocol.Wire;
using static Countersign.Protocol.Tests.Wire.WireTesting;

namespace Countersign.Protocol.Tests.Dialects.Efforts;

public sealed class ThinkingFieldsTests
{
    [Fact]
    public void Write_KnobOfAnotherServersForm_IsReplacedByTheServersOwn() => AssertSame(
        """{"model":"Qwen/Qwen3-32B","messages":[{"role":"user","content":"hi"}],"top_p":0.5,"chat_template_kwargs":{"enable_thinking":false}}""",
        Written(""" "reasoning_effort":"none","top_p":0.5 """, "Qwen/Qwen3-32B", "vllm"));

    [Fact]
    public void Write_OtherTemplateVariables_Stay() => AssertSame(
        """{"model":"deepseek-ai/DeepSeek-V3.1","messages":[{"role":"user","content":"hi"}],"chat_template_kwargs":{"other":1,"thinking":true}}""",
        Written(""" "chat_template_kwargs":{"enable_thinking":true,"other":1} """, "deepseek-ai/DeepSeek-V3.1", "vllm"));

    [Fact]
    public void Write_ModelThatNeverThinks_IsSentNoKnob() => AssertSame(
        """{"model":"llama-3.1-8b","messages":[{"role":"user","content":"hi"}]}""", Written(""" "reasoning_effort":"high" """, "llama-3.1-8b", "groq"));

    [Fact]
    public void Write_OtherMembersOfTheKnobsObject_Stay() => AssertSame(
        """{"model":"glm-5.2","messages":[{"role":"user","content":"hi"}],"reasoning":{"exclude":true,"effort":"high"}}""",
        Written(""" "reasoning":{"effort":"low","exclude":true} """, "glm-5.2", "openrouter"));

    [Fact]
    public void Write_OtherMembersOfAnObjectThatIsNotSent_AreTold()
    {
        List<string> warnings = [];
        Written(""" "reasoning":{"effort":"low","exclude":true} """, "gpt-oss-20b", "vllm", warnings);
        Assert.StartsWith("reasoning.exclude", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "reasoning":{"effort":"high","exclude":true} """, "gpt-oss-20b", "openrouter", true)]
    [InlineData(""" "reasoning":{"effort":"high","enabled":true} """, "gpt-oss-20b", "openrouter", false)]
    [InlineData(""" "reasoning_effort":"low" """, "gpt-oss-20b", "vllm", true)]
    [InlineData(""" "reasoning_effort":"none" """, "gpt-oss-20b", "vllm", false)]
    [InlineData(""" "reasoning":{"effort":"low"} """, "gpt-oss-20b", "vllm", false)]
    [InlineData(""" "chat_template_kwargs":{"enable_thinking":false} """, "qwen3-8b", "sglang", true)]
    [InlineData(""" "reasoning_effort":"low" """, "nobodys-model", "sglang", true)]
    public void Says_BodyThatIsInTheServersForm_NeedsNoChange(string field, string model, string server, bool says)
    {
        var wire = WireRequestScanner.Scan(WireApiKind.OpenAiChat, System.Text.Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],{{field}}}"""));
        Assert.True(wire.AsksThinking);
        Assert.Equal(says, wire.Says(Effort.Apply(wire.Parsed.Thinking!, EffortRules.For(model, server), null)));
    }

    private static System.Text.Json.Nodes.JsonNode Written(string fields, string model, string server, ICollection<string>? warnings = null)
    {
        var request = ReadChatWith(fields);
        var applied = Effort.Apply(request.Thinking!, EffortRules.For(model, server), null);
        return WriteChat(request with { Thinking = applied.Told }, new WireTarget(model, false, server) { Thinking = applied }, warnings);
    }
}
