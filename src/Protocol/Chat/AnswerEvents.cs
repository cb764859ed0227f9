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
        int calls = 0;
        foreach (var part in choice.Parts)
        {
            yield return part switch
            {
                ReasoningPart thought => new ReasoningDelta(choice.Index, thought.Text, thought.Signature, thought.Redacted, thought.Maker),
                RefusalPart refusal => new RefusalDelta(choice.Index, refusal.Text),
                ToolCallPart { Call: var call } => new ToolCallDelta(choice.Index, calls++, call.Id, call.Name, call.Arguments),
                _ => new TextDelta(choice.Index, ((TextPart)part).Text),
            };
        }

        if (choice.Logprobs is { } logprobs) yield return new LogprobsDelta(choice.Index, logprobs);
        foreach (string finding in choice.ParserFindings) yield return new ParserFinding(choice.Index, finding);
        yield return new ChoiceFinished(choice.Index, choice.FinishReason, choice.StopSequence);
    }
}
