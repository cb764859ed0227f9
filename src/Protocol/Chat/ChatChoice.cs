namespace Countersign.Protocol.Chat;

/// <summary>One choice of an answer. <see cref="Parts"/> is what it says, in order; text, reasoning, refusal and calls are views of it.
/// Setting a view puts its parts where the first of their kind stood, or in the usual order (reasoning, text, refusal, calls) where there was none.</summary>
public sealed record ChatChoice
{
    private readonly IReadOnlyList<ContentPart> parts = [];

    /// <summary>Its index.</summary>
    public required int Index { get; init; }

    /// <summary>Reasoning, text, refusals and tool calls in the order they came. Makers who seal their reasoning refuse it back in another.</summary>
    public IReadOnlyList<ContentPart> Parts { get => parts; init => parts = value; }

    /// <summary>The text, reasoning left out.</summary>
    public string Text { get => string.Concat(parts.OfType<TextPart>().Select(part => part.Text)); init => parts = With<TextPart>(value.Length > 0 ? [new TextPart(value)] : []); }

    /// <summary>What was thought.</summary>
    public IReadOnlyList<ReasoningPart> Reasoning { get => [.. parts.OfType<ReasoningPart>()]; init => parts = With<ReasoningPart>(value); }

    /// <summary>The refusal, where the API keeps it apart.</summary>
    public string? Refusal
    {
        get => parts.Any(part => part is RefusalPart) ? string.Concat(parts.OfType<RefusalPart>().Select(part => part.Text)) : null;
        init => parts = With<RefusalPart>(value is null ? [] : [new RefusalPart(value)]);
    }

    /// <summary>The tool calls.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get => [.. parts.OfType<ToolCallPart>().Select(part => part.Call)]; init => parts = With<ToolCallPart>(value.Select(call => new ToolCallPart(call))); }

    /// <summary>Log-probabilities of the output tokens; <c>null</c> where the upstream gave none.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }

    /// <summary>What a raw-text parser noticed.</summary>
    public IReadOnlyList<string> ParserFindings { get; init; } = [];

    /// <summary>Why it ended.</summary>
    public FinishReason FinishReason { get; init; } = FinishReason.Unknown;

    /// <summary>The text that stopped it, where known.</summary>
    public string? StopSequence { get; init; }

    private List<ContentPart> With<T>(IEnumerable<ContentPart> replacing)
        where T : ContentPart
    {
        var kept = parts.ToList();
        int at = kept.FindIndex(part => part is T);
        kept.RemoveAll(part => part is T);
        if (at < 0) at = kept.TakeWhile(part => RankOf(part.GetType()) < RankOf(typeof(T))).Count();
        kept.InsertRange(at, replacing);
        return kept;
    }

    private static int RankOf(Type part) => part == typeof(ReasoningPart) ? 0 : part == typeof(TextPart) ? 1 : part == typeof(RefusalPart) ? 2 : 3;
}
