using Countersign.Cascade.Attempts;
using Countersign.Engine;
using Countersign.Gateway.Providers.Engine;
using Countersign.Gateway.Providers.Raw;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Tests.Providers.Engine;

public sealed class GeneratedAnswerTests
{
    [Theory]
    [InlineData("qwen3-8b", false, 2L, "<think>", "a", "b", "</think>", "c", "d")]
    [InlineData("qwen3-8b", true, 2L, "a", "b", "</think>", "c")]
    [InlineData("qwen3-8b", false, 0L, "c", "d")]
    [InlineData("qwen3-8b", true, 3L, "a", "b", "c")] // never closed
    [InlineData("gpt-oss-20b", false, 2L, "<|channel|>", "analysis", "<|message|>", "a", "b", "<|end|>", "<|start|>", "assistant", "<|channel|>", "final", "<|message|>", "c")]
    [InlineData("llama-3.1-8b", false, null, "<think>", "a")] // has none that could be told apart: unknown
    public void TokensWithinThoughts_AreCountedAsReasoning(string family, bool startsInThought, long? reasoning, params string[] tokens)
    {
        var request = new ChatRequest { Api = WireApiKind.OpenAiChat, Model = "m", Messages = [ChatMessage.Of(ChatRole.User, "hi")] };
        var answer = new GeneratedAnswer(null!, new RawAnswer(RawChat.Of(family, new TemplateSet("x"), request, new RequestTrace()), startsInThought));
        GenerationEvent[] happened = [new PromptEvaluated(7, 0, null), .. tokens.Select((text, token) => new TextGenerated(0, text, token, null)), new Countersign.Engine.ChoiceFinished(0, Countersign.Engine.FinishReason.EndOfGeneration, null, tokens.Length)];
        foreach (var each in happened) _ = answer.EventsOf(each).ToList();
        Assert.Equal((reasoning, tokens.Length), (answer.Used!.ReasoningTokens, answer.Used.OutputTokens));
    }
}
