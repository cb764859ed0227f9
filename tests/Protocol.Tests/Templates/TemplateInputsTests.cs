using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Templates;

public class TemplateInputsTests
{
    private const string Everything = "{% for m in messages %}{{ m | tojson }}\n{% endfor %}";

    private static readonly IReadOnlyList<ChatMessage> ToolLoop =
    [
        ChatMessage.Of(ChatRole.User, "Weather?"),
        new ChatMessage
        {
            Role = ChatRole.Assistant,
            Parts = [new ReasoningPart("Look it up."), new ToolCallPart(new ToolCall("call_1", "weather", "{\"city\": \"Bern\", \"days\": 2.0}"))],
        },
        new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart("call_1", [new TextPart("sunny")])] },
    ];

    [Fact]
    public void Messages_OfAToolLoop_HaveOpenAisShapeWithArgumentsAsObject()
    {
        string text = Render(Everything, ToolLoop);

        Assert.Equal(
            """
            {"role": "user", "content": "Weather?"}
            {"role": "assistant", "content": "", "reasoning_content": "Look it up.", "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": {"city": "Bern", "days": 2.0}}}]}
            {"role": "tool", "name": "weather", "tool_call_id": "call_1", "content": "sunny"}

            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void ToolCalls_OfATemplateThatAddsArgumentsToText_AreText()
    {
        const string Template = "{% for m in messages %}{% for c in m.tool_calls %}{{ c.function.name + c.function.arguments }}{% endfor %}{% endfor %}";

        Assert.Equal("weather{\"city\": \"Bern\", \"days\": 2.0}", Render(Template, ToolLoop));
    }

    [Fact]
    public void CallIds_OfATemplateThatWantsNineLetters_AreMadeSo()
    {
        const string Template = "{% for m in messages %}{% set id = m.tool_call_id %}{% if id is defined %}"
            + "{% if id | length != 9 %}{{ raise_exception('nine!') }}{% endif %}{{ id }}{% endif %}{% endfor %}";

        string id = Render(Template, ToolLoop);

        Assert.Equal(9, id.Length);
        Assert.Equal(id, Render(Template, ToolLoop));
    }

    [Theory]
    [InlineData("{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}", "[system:S][system:D][user:U][system:L]")]
    [InlineData("{% for m in messages if m.role in ['system', 'developer', 'user', 'assistant'] %}[{{ m.role }}:{{ m.content }}]{% endfor %}", "[system:S][developer:D][user:U][system:L]")]
    [InlineData("{% for m in messages %}{% if m.role != 'developer' %}[{{ m.role }}:{{ m.content }}]{% endif %}{% endfor %}", "[system:S][system:D][user:U][system:L]")]
    [InlineData("{% for m in messages %}{% if m.role == 'system' and loop.index > 1 %}{{ raise_exception('late') }}{% endif %}[{{ m.role }}:{{ m.content }}]{% endfor %}", "[system:S\n\nD\n\nL][user:U]")]
    [InlineData("{% for m in messages %}{% if m.role == 'user' %}[{{ m.role }}:{{ m.content }}]{% endif %}{% endfor %}", "[user:S\n\nD\n\nL\n\nU]")]
    public void SystemMessages_ByWhatTheTemplateTakes_AreNeverLost(string template, string expected)
    {
        string text = Render(template,
            [ChatMessage.Of(ChatRole.System, "S"), ChatMessage.Of(ChatRole.Developer, "D"), ChatMessage.Of(ChatRole.User, "U"), ChatMessage.Of(ChatRole.System, "L")]);

        Assert.Equal(expected, text);
    }

    [Fact]
    public void Image_InATextPrompt_IsRefused()
    {
        ChatMessage message = new() { Role = ChatRole.User, Parts = [new TextPart("What is this?"), new ImagePart("https://example.test/a.png", null, null, null)] };

        var problem = Assert.Throws<ProblemException>(() => Render(Everything, [message])).Problem;

        Assert.Equal("messages", problem.Param);
        Assert.Contains("an image", problem.Message);
    }

    [Fact]
    public void ContinueFinalMessage_OfAPrefilledAnswer_EndsWithItsText()
    {
        var template = ChatTemplate.Parse("{% for m in messages %}<{{ m.role }}>{{ m.content | trim }}</>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");

        string text = template.Render(new TemplateInputs
        {
            Messages = [ChatMessage.Of(ChatRole.User, "Go"), ChatMessage.Of(ChatRole.Assistant, "Once upon")],
            ContinueFinalMessage = true,
        });

        Assert.Equal("<user>Go</><assistant>Once upon", text);
    }

    [Fact]
    public void Request_WithToolsThinkingAndTemplateArguments_FillsAllVariables()
    {
        var template = ChatTemplate.Parse("{{ tools | tojson }} {{ enable_thinking }} {{ reasoning_effort }} {{ style }} {{ documents | length }} {{ bos_token }}");
        var request = Request("u", "{\"style\": \"short\", \"reasoning_effort\": \"tiny\"}") with
        {
            Thinking = new Thinking(ThinkingLevel.High),
            Tools = [new ToolDefinition { Name = "f", Description = "d", Parameters = JsonElement.Parse("{\"type\": \"object\"}") }],
        };

        string text = template.Render(TemplateInputs.Of(request) with { BosToken = "<s>" });

        Assert.Equal(
            "[{\"type\": \"function\", \"function\": {\"name\": \"f\", \"description\": \"d\", \"parameters\": {\"type\": \"object\"}}}] True tiny short 1 <s>", text);
    }

    [Fact]
    public void Request_WhoseTemplateArgumentsSetMessages_IsRefused()
    {
        var problem = Assert.Throws<ProblemException>(() => TemplateInputs.Of(Request("u", "{\"messages\": []}"))).Problem;

        Assert.Equal("chat_template_kwargs.messages", problem.Param);
    }

    [Fact]
    public void Reads_OfAKnob_TellsWhetherTheTemplateKnowsIt()
    {
        var template = ChatTemplate.Parse("{% if enable_thinking %}think{% endif %}");

        Assert.True(template.Reads("enable_thinking"));
        Assert.False(template.Reads("reasoning_effort"));
    }

    private static string Render(string template, IReadOnlyList<ChatMessage> messages) =>
        ChatTemplate.Parse(template).Render(new TemplateInputs { Messages = messages });

    private static ChatRequest Request(string text, string templateArguments) => new()
    {
        Api = WireApiKind.OpenAiChat,
        Model = "m",
        Messages = [ChatMessage.Of(ChatRole.User, text)],
        Extra = new Dictionary<string, JsonElement>
        {
            ["chat_template_kwargs"] = JsonElement.Parse(templateArguments),
            ["documents"] = JsonElement.Parse("[{\"title\": \"a\"}]"),
        },
    };
}
