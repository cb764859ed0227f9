using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>Makers refuse sealed thoughts back in another order: what an answer says comes out as it came in, whole or streamed.</summary>
public sealed class OrderedAnswerTests
{
    private static readonly ChatEvent[] Interleaved =
    [
        new AnswerStarted("a", "m"),
        new ReasoningDelta(0, "T1", "S1", Maker: Makers.Anthropic), new TextDelta(0, "A"), new TextDelta(0, " "),
        new ReasoningDelta(0, "T"), new ReasoningDelta(0, "2", "S2", Maker: Makers.Anthropic), new TextDelta(0, "B"),
        new ToolCallDelta(0, 0, "c1", "f", "{}"), new TextDelta(0, "C"), new ToolCallDelta(0, 1, "c2", "g", "{}"),
        new ChoiceFinished(0, FinishReason.ToolCalls),
    ];

    private static readonly string[] Order = ["think T1", "text A ", "think T2", "text B", "call f", "text C", "call g"];

    [Theory]
    [InlineData(WireApiKind.AnthropicMessages)]
    [InlineData(WireApiKind.OpenAiResponses)]
    public void Answer_WholeOrStreamed_KeepsTheOrder(WireApiKind kind)
    {
        var api = WireApi.For(kind);
        var head = new AnswerHead("id", "m", DateTimeOffset.UnixEpoch, new ChatRequest { Api = kind, Model = "m", Messages = [] });
        var answer = Streams.Build(Interleaved);
        var whole = Streams.ReadWhole(api.NewAnswerReader(), Streams.WriteWhole(api.NewAnswerWriter(head), answer, null));
        var streamed = Streams.Read(api.NewAnswerReader(), Streams.Write(api.NewAnswerWriter(head), Interleaved, null));

        Assert.Equal(Order, Said(answer));
        Assert.Equal(Order, Said(Streams.Build(whole)));
        Assert.Equal(Order, Said(Streams.Build(streamed)));
        Assert.Equal(Order, Said(Streams.Build(AnswerEvents.Of(answer))));
    }

    [Fact]
    public void Choice_WithAnotherText_HasItWhereTheFirstStood()
    {
        var choice = Streams.Build(Interleaved).Choices[0] with { Text = "X" };
        Assert.Equal(["think T1", "text X", "think T2", "call f", "call g"], Said(new ChatAnswer { Choices = [choice] }));
        Assert.Equal(["text X", "call f"], Said(new ChatAnswer { Choices = [new ChatChoice { Index = 0, ToolCalls = [new ToolCall("1", "f", "{}")], Text = "X" }] }));
    }

    /// <summary>A letter may be several tokens, whose texts are none: their bytes go through.</summary>
    [Fact]
    public void Logprobs_OfTheSameApi_KeepTheirBytes()
    {
        const string Tokens = """[{"token":"\ufffd","logprob":-0.5,"bytes":[240,159],"top_logprobs":[{"token":"x","logprob":-1,"bytes":[120]},{"token":"y","logprob":-2,"bytes":null}]}]""";
        var api = WireApi.For(WireApiKind.OpenAiChat);
        var head = new AnswerHead("id", "m", DateTimeOffset.UnixEpoch, new ChatRequest { Api = WireApiKind.OpenAiChat, Model = "m", Messages = [] });
        var answer = Streams.Build(Streams.ReadWhole(api.NewAnswerReader(), $$$"""{"choices":[{"index":0,"message":{"content":"a"},"logprobs":{"content":{{{Tokens}}}},"finish_reason":"stop"}]}"""));
        var written = System.Text.Json.Nodes.JsonNode.Parse(Streams.WriteWhole(api.NewAnswerWriter(head), answer, null))!["choices"]![0]!["logprobs"]!["content"]!;
        written[0]!["top_logprobs"]![0]!.AsObject().Remove("top_logprobs");
        WireTesting.AssertSame(Tokens, written);
    }

    [Fact]
    public void Pause_OfAServersTool_IsToldToTheClient()
    {
        var api = WireApi.For(WireApiKind.AnthropicMessages);
        var head = new AnswerHead("id", "m", DateTimeOffset.UnixEpoch, new ChatRequest { Api = WireApiKind.AnthropicMessages, Model = "m", Messages = [] });
        var events = Streams.ReadWhole(api.NewAnswerReader(), """{"type":"message","content":[{"type":"text","text":"a"}],"stop_reason":"pause_turn"}""");
        Assert.Contains("\"stop_reason\":\"pause_turn\"", Streams.WriteWhole(api.NewAnswerWriter(head), Streams.Build(events), null), StringComparison.Ordinal);
        Assert.Contains("\"stop_reason\":\"pause_turn\"", Streams.Write(api.NewAnswerWriter(head), events, null), StringComparison.Ordinal);
    }

    [Fact]
    public void Seal_AfterTheText_BelongsToTheThoughtBefore()
    {
        var choice = Streams.Build([new ReasoningDelta(0, "T"), new TextDelta(0, "A"), new ReasoningDelta(0, "", "S")]).Choices[0];
        Assert.Equal([new ReasoningPart("T", "S"), new TextPart("A")], choice.Parts);
    }

    private static string[] Said(ChatAnswer answer) =>
    [
        .. answer.Choices[0].Parts.Select(part => part switch
        {
            ReasoningPart thought => $"think {thought.Text}",
            ToolCallPart call => $"call {call.Call.Name}",
            _ => $"text {((TextPart)part).Text}",
        }),
    ];
}
