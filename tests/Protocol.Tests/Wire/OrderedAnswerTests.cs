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
