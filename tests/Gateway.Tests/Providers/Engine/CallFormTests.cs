using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Engine;
using Countersign.Gateway.Providers.Engine;
using Countersign.Gateway.Providers.Raw;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;
using Countersign.Tests;

namespace Countersign.Gateway.Tests.Providers.Engine;

/// <summary>Calls that must be made, in each format that a grammar can say: a model of random weights cannot but write them, and they are read.</summary>
public sealed class CallFormTests : IDisposable
{
    private const string Template = "{{ tools | tojson }}{% for message in messages %}{{ message.content }}{% endfor %}";
    private const string Parameters = """{"type":"object","properties":{"city":{"type":"string","maxLength":8},"days":{"type":"integer","minimum":1,"maximum":9}},"required":["city","days"],"additionalProperties":false}""";

    private static readonly ToolDefinition[] Tools = [new() { Name = "weather", Parameters = JsonElement.Parse(Parameters) }, new() { Name = "timer", Parameters = JsonElement.Parse(Parameters) }];

    private readonly RequestTrace trace = new();
    private readonly EngineModel engine = EngineModel.Load(Path.Combine(SharedData.RepositoryRoot, "tests", "Engine.Tests", "Fixtures", "arch", "llama.f32.gguf"), new() { Threads = 1 }, CancellationToken.None);

    public void Dispose() => engine.Dispose();

    [Theory]
    [InlineData("qwen3-8b")]
    [InlineData("ernie-4.5-21b")]
    [InlineData("llama-3.1-8b")]
    [InlineData("nemotron-nano-9b-v2")]
    [InlineData("phi-4-mini")]
    public async Task Required_CallsThatFitTheirSchemas(string family)
    {
        for (ulong seed = 0; seed < 6; seed++)
        {
            var request = Request() with { ParallelToolCalls = seed % 2 == 0 };
            var chat = RawChat.Of(family, new TemplateSet(Template), request, trace);
            var grammar = new AnswerGrammars().Of(request, chat, new ExtraFields(request.Extra), trace);
            var calls = await CallsAsync(chat, grammar!, seed);
            Assert.InRange(calls.Count, 1, seed % 2 == 0 ? 16 : 1);
            foreach (var call in calls)
            {
                Assert.Contains(call.Name, (string[])["weather", "timer"]);
                var arguments = JsonDocument.Parse(call.Arguments).RootElement;
                Assert.InRange(arguments.GetProperty("city").GetString()!.EnumerateRunes().Count(), 0, 8);
                Assert.InRange(arguments.GetProperty("days").GetInt32(), 1, 9);
            }
        }
    }

    [Fact]
    public void Required_InAFormatThatNoGrammarSays_IsWarnedOf()
    {
        var request = Request();
        Assert.Null(new AnswerGrammars().Of(request, RawChat.Of("qwen3-coder-30b", new TemplateSet(Template), request, trace), new ExtraFields(request.Extra), trace));
        Assert.Contains("tool_choice: not enforced", Assert.Single(trace.Warnings), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<ToolCall>> CallsAsync(RawChat chat, OutputGrammar grammar, ulong seed)
    {
        var (answer, builder) = (new RawAnswer(chat, startsInThought: false), new AnswerBuilder());
        await foreach (var happened in engine.GenerateAsync(new() { Prompt = [5, 6, 7], MaxTokens = 1500, Grammar = grammar, Sampling = new() { Seed = seed } }, TestContext.Current.CancellationToken))
        {
            var events = happened switch
            {
                TextGenerated text => answer.Add(0, text.Text),
                Countersign.Engine.ChoiceFinished finished => answer.Finish(0, GeneratedAnswer.ReasonOf(finished.Reason), null),
                _ => [],
            };
            foreach (var chatEvent in events) builder.Add(chatEvent);
        }

        var whole = builder.Build().Choices[0];
        Assert.Equal("", whole.Text.Trim());
        return whole.ToolCalls;
    }

    private static ChatRequest Request() => new() { Api = WireApiKind.OpenAiChat, Model = "m", Messages = [ChatMessage.Of(ChatRole.User, "Weather?")], Tools = Tools, ToolChoice = new ToolChoice(ToolChoiceMode.Required) };
}
