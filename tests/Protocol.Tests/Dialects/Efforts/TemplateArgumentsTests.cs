using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Tests.Wire;

namespace Countersign.Protocol.Tests.Dialects.Efforts;

public sealed class TemplateArgumentsTests
{
    [Theory]
    [InlineData("moonshotai/Kimi-K2.5", """{"other":1,"thinking":false}""")]
    [InlineData("Qwen/Qwen3-32B", """{"other":1,"enable_thinking":false}""")]
    [InlineData("meta-llama/Llama-3.1-8B-Instruct", """{"other":1}""")]
    public void Add_Off_IsSaidByTheTemplatesOwnName(string model, string arguments)
    {
        var request = WireTesting.ReadChatWith(""" "chat_template_kwargs":{"other":1} """);
        var told = TemplateArguments.Add(request, Effort.Apply(new Thinking(ThinkingLevel.Off), EffortRules.For(model, "engine"), null));
        WireTesting.AssertSame(arguments, JsonNode.Parse(told.Extra["chat_template_kwargs"].GetRawText()));
    }
}
