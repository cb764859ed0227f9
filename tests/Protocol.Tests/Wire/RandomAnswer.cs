using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>Answers of every shape, from a seed, as an upstream would send them: reasoning, text, tool calls in order.</summary>
internal static class RandomAnswer
{
    private static readonly string[] Pieces = ["a", " ", "\n\n", "\"", "\\", "Grüße", "日本", "👩‍🚀", "data: x", "\u0001", "</think>", "{", "}"];

    public static List<ChatEvent> Events(Random random)
    {
        List<ChatEvent> events = [new AnswerStarted("up_1", "upstream-model")];
        for (int i = random.Next(3); i > 0; i--) AddReasoning(random, events);
        for (int i = random.Next(4); i > 0; i--) events.Add(new TextDelta(0, Text(random)));
        int calls = random.Next(3);
        for (int i = 0; i < calls; i++) AddToolCall(random, i, events);
        events.Add(new ChoiceFinished(0, calls > 0 ? FinishReason.ToolCalls : random.Next(2) == 0 ? FinishReason.Length : FinishReason.Stop));
        if (random.Next(4) > 0) events.Add(new UsageReported(Usage(random)));
        return events;
    }

    /// <summary>Asserts that two answers say the same; ids and models of answers differ by design.</summary>
    public static void AssertSame(ChatAnswer expected, ChatAnswer actual)
    {
        var (left, right) = (expected.Choices[0], actual.Choices[0]);
        Assert.Equal(left.Text, right.Text);
        Assert.Equal(left.Reasoning, right.Reasoning);
        Assert.Equal(left.ToolCalls, right.ToolCalls);
        Assert.Equal(left.FinishReason, right.FinishReason);
        Assert.Equal(left.Refusal, right.Refusal);
        Assert.Equal(expected.Usage ?? new Usage(), actual.Usage ?? new Usage());
    }

    private static void AddReasoning(Random random, List<ChatEvent> events)
    {
        events.Add(new ReasoningDelta(0, Text(random)));
        events.Add(new ReasoningDelta(0, Text(random), "seal" + random.Next()));
    }

    private static void AddToolCall(Random random, int index, List<ChatEvent> events)
    {
        events.Add(new ToolCallDelta(0, index, "call_" + random.Next(), "tool_" + index, ""));
        foreach (string piece in new[] { "{", "\"city\":", "\"日本\"", "}" }) events.Add(new ToolCallDelta(0, index, null, null, piece));
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static Usage Usage(Random random) => new()
    {
        InputTokens = 1000 + random.Next(1000),
        CachedInputTokens = random.Next(500),
        CacheWriteTokens = random.Next(200),
        LongCacheWriteTokens = random.Next(200),
        OutputTokens = 100 + random.Next(100),
        ReasoningTokens = random.Next(100),
    };
}
