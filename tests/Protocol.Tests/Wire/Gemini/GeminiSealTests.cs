using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire.Gemini;

/// <summary>Thoughts' seals go back to Gemini on the part that bore them, and to nobody else; nobody else's go there.</summary>
public class GeminiSealTests
{
    private const string Seal = "c2VhbA==", Missing = "skip_thought_signature_validator";

    private readonly List<string> warnings = [];

    [Fact]
    public void Seal_OfACall_GoesBackOnIt()
    {
        var parts = Written([Sealed("Hm."), new TextPart("One moment."), Call("a"), Call("b")]);
        Assert.Equal([null, "c2VhbA==", null], parts.Select(SealOf));
        Assert.Equal("One moment.", (string?)parts[0]!["text"]);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Seal_WithoutACall_GoesBackOnTheText() =>
        Assert.Equal(["c2VhbA=="], Written([new TextPart("Done."), Sealed("")]).Select(SealOf));

    [Theory]
    [InlineData("gemini-3.1-pro-preview", Missing)]
    [InlineData("models/gemini-4-argon", Missing)]
    [InlineData("gemini-2.5-pro", null)]
    [InlineData("gemma-4-31b-it", null)]
    public void Call_WithoutItsSeal_IsMarkedWhereTheModelDemandsOne(string model, string? expected)
    {
        Assert.Equal([expected, null], Written([Call("a"), Call("b")], model).Select(SealOf));
        Assert.Equal(expected is null ? 0 : 1, warnings.Count);
    }

    [Fact]
    public void Seal_OfAnotherMaker_IsLeftOutAndSaid()
    {
        Assert.Equal([Missing], Written([new ReasoningPart("Hm.", "ErUBCkYIBRgCIkA="), Call("a")]).Select(SealOf));
        Assert.Equal(2, warnings.Count);
    }

    [Theory]
    [InlineData(WireApiKind.AnthropicMessages, "anthropic", "claude-sonnet-4-5")]
    [InlineData(WireApiKind.OpenAiResponses, "openai", "gpt-5")]
    public void Seal_OfGemini_GoesToNoOtherMaker(WireApiKind api, string server, string model)
    {
        var request = new ChatRequest { Api = api, Model = "m", Messages = [ChatMessage.Of(ChatRole.User, "Go"), Answer([Sealed("Hm."), new ReasoningPart("So.", "gAAAAAtheirs"), Call("a")])] };
        var replayed = ReplayedReasoning.For(request, EffortRules.For(model, server));
        Assert.Equal([new ReasoningPart("So.", "gAAAAAtheirs")], replayed.Messages[1].Parts.OfType<ReasoningPart>());
        var own = ReplayedReasoning.For(request, EffortRules.For("gemini-3.1-pro-preview", "gemini"));
        Assert.Contains(Sealed("Hm."), own.Messages[1].Parts);
    }

    private static ReasoningPart Sealed(string text) => new(text, Seal, null, Makers.Google);

    private static string? SealOf(JsonNode? part) => (string?)part!["thoughtSignature"];

    private static ToolCallPart Call(string id) => new(new ToolCall(id, "look", "{}"));

    private static ChatMessage Answer(ContentPart[] parts) => new() { Role = ChatRole.Assistant, Parts = parts };

    private JsonArray Written(ContentPart[] parts, string model = "gemini-3.1-pro-preview")
    {
        var request = new ChatRequest { Api = WireApiKind.OpenAiChat, Model = "m", Messages = [ChatMessage.Of(ChatRole.User, "Go"), Answer(parts)] };
        return Requests.Write(WireApiKind.Gemini, request, warnings, model: model)["contents"]![1]!["parts"]!.AsArray();
    }
}
