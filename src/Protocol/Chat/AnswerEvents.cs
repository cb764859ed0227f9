namespace Countersign.Protocol.Chat;

/// <summary>Takes a whole answer apart into the events that <see cref="AnswerBuilder"/> would put together again.</summary>
public static class AnswerEvents
{
    /// <summary>The events of <paramref name="answer"/>, in the order a stream would bring them.</summary>
    public static IEnumerable<ChatEvent> Of(ChatAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return All(answer);
    }

    private static IEnumerable<ChatEvent> All(ChatAnswer answer)
    {
        yield return new AnswerStarted(answer.Id, answer.Model);
        foreach (var choice in answer.Choices)
        {
            foreach (var chatEvent in OfChoice(choice)) yield return chatEvent;
        }

        if (answer.Usage is { } usage) yield return new UsageReported(usage);
    }

    private static IEnumerable<ChatEvent> OfChoice(ChatChoice choice)
    {
        foreach (var part in choice.Reasoning) yield return new ReasoningDelta(choice.Index, part.Text, part.Signature, part.Redacted, part.Maker);
        if (choice.Text.Length > 0) yield return new TextDelta(choice.Index, choice.Text);
        if (choice.Refusal is { } refusal) yield return new RefusalDelta(choice.Index, refusal);
        for (int i = 0; i < choice.ToolCalls.Count; i++)
        {
            var call = choice.ToolCalls[i];
            yield return new ToolCallDelta(choice.Index, i, call.Id, call.Name, call.Arguments);
        }

        if (choice.Logprobs is { } logprobs) yield return new LogprobsDelta(choice.Index, logprobs);
        foreach (string finding in choice.ParserFindings) yield return new ParserFinding(choice.Index, finding);
        yield return new ChoiceFinished(choice.Index, choice.FinishReason, choice.StopSequence);
    }
}
