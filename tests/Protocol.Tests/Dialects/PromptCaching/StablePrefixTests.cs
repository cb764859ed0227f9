using System.Buffers;
using System.Text;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Dialects.PromptCaching;
using Countersign.Protocol.Templates;
using Countersign.Protocol.Tests.Wire;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Dialects.PromptCaching;

/// <summary>What a request renders to begins with what the request before it rendered to: nothing in it depends on the time, on chance or on the order in which a client lists its tools.</summary>
public sealed class StablePrefixTests
{
    private const string Template = """
        {%- if tools %}{{ '<|im_start|>system\n' + tools | tojson + '<|im_end|>\n' }}{% endif -%}
        {%- for message in messages %}{{ '<|im_start|>' + message.role + '\n' + (message.reasoning_content or '') + (message.content or '') }}{% if message.tool_calls %}{{ message.tool_calls | tojson }}{% endif %}{{ '<|im_end|>\n' }}{% endfor -%}
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """;

    private const string Mark = ",\"cache_control\":{\"type\":\"ephemeral\"}";

    // Takes all thoughts back. Families that want those of the tool loop under way only lose them at the next question, by their own rule.
    private static readonly EffortRule TakesThoughts = EffortRules.For("deepseek-v4", "deepseek"), TakesThoughtsInLoops = EffortRules.For("kimi-k2-thinking", "vllm");

    public static TheoryData<WireApiKind, WireApiKind> Pairs
    {
        get
        {
            var data = new TheoryData<WireApiKind, WireApiKind>();
            foreach (var from in (WireApiKind[])[WireApiKind.OpenAiChat, WireApiKind.OpenAiResponses, WireApiKind.AnthropicMessages])
            {
                foreach (var to in Enum.GetValues<WireApiKind>()) data.Add(from, to);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void NextTurn_BeginsWithTheTurnBefore(WireApiKind from, WireApiKind to)
    {
        for (int turn = 1; turn < Turns.Count; turn++)
        {
            var (before, after) = (Rendered(from, to, turn), Rendered(from, to, turn + 1));
            Assert.Equal(Part(before, "tools"), Part(after, "tools"));
            Assert.Equal(Part(before, "system", "systemInstruction", "instructions"), Part(after, "system", "systemInstruction", "instructions"));
            Assert.StartsWith(Part(before, "messages", "contents", "input")![..^1], Part(after, "messages", "contents", "input")!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void NextTurnOfAToolLoop_BeginsWithTheTurnBefore_WhereThoughtsGoBackInLoopsOnly(WireApiKind from, WireApiKind to)
    {
        string before = Rendered(from, to, 2, rule: TakesThoughtsInLoops), after = Rendered(from, to, 3, rule: TakesThoughtsInLoops);
        Assert.StartsWith(Part(before, "messages", "contents", "input")![..^1], Part(after, "messages", "contents", "input")!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void ToolsInAnotherOrder_RenderToTheSameBytes_UnlessTheyArePassedOn(WireApiKind from, WireApiKind to)
    {
        string sorted = Rendered(from, to, 2), shuffled = Rendered(from, to, 2, shuffled: true);
        if (from == to) Assert.NotEqual(sorted, shuffled); // A caller's own order stays where its own bytes do.
        else Assert.Equal(sorted, shuffled);
    }

    [Theory]
    [InlineData(WireApiKind.OpenAiChat)]
    [InlineData(WireApiKind.OpenAiResponses)]
    [InlineData(WireApiKind.AnthropicMessages)]
    public void Template_NextTurn_BeginsWithTheTurnBefore_WhateverTheOrderOfTools(WireApiKind from)
    {
        for (int turn = 1; turn < Turns.Count; turn++)
        {
            string before = Prompt(from, turn, generates: false), after = Prompt(from, turn + 1, generates: true, shuffled: true);
            Assert.StartsWith(before, after, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(WireApiKind.OpenAiChat)]
    [InlineData(WireApiKind.OpenAiResponses)]
    [InlineData(WireApiKind.AnthropicMessages)]
    public void MarkedConversation_NextTurn_HoldsTheTurnBeforeUpToItsLastMark(WireApiKind from)
    {
        var rule = new CacheRule(CacheMarks.Blocks, false, 1);
        for (int turn = 2; turn < Turns.Count; turn++)
        {
            string before = Marked(from, turn, rule), after = Marked(from, turn + 1, rule);
            string messages = Part(before, "messages")!;
            string prefix = WithoutMarks(messages[..messages.LastIndexOf(Mark, StringComparison.Ordinal)]);
            Assert.StartsWith(prefix, WithoutMarks(Part(after, "messages")!), StringComparison.Ordinal);
        }
    }

    private static string WithoutMarks(string text) => text.Replace(Mark, "", StringComparison.Ordinal);

    private static string Marked(WireApiKind from, int turn, CacheRule rule) =>
        Encoding.UTF8.GetString(PromptCache.Mark(Encoding.UTF8.GetBytes(Rendered(from, WireApiKind.AnthropicMessages, turn, allBlocks: true)), rule, Prompts.Scope).Body.Span);

    private static string Rendered(WireApiKind from, WireApiKind to, int turn, bool shuffled = false, bool allBlocks = false, EffortRule? rule = null)
    {
        var request = Requests.Read(from, Turns.Of(from, turn, shuffled, allBlocks));
        if (from != to) request = StableTools.Of(request);
        var output = new ArrayBufferWriter<byte>();
        UpstreamApi.Of(to).WriteRequest(ReplayedReasoning.For(request, rule ?? TakesThoughts), new WireTarget("upstream", Stream: false), output, []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Prompt(WireApiKind from, int turn, bool generates, bool shuffled = false) => ChatTemplate.Parse(Template)
        .Render(TemplateInputs.Of(StableTools.Of(Requests.Read(from, Turns.Of(from, turn, shuffled)))) with { AddGenerationPrompt = generates });

    private static string? Part(string body, params string[] names)
    {
        var root = JsonElement.Parse(body);
        return names.Select(name => root.TryGetProperty(name, out var value) ? value.GetRawText() : null).FirstOrDefault(text => text is not null);
    }
}
