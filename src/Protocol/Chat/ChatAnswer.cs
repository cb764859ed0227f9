namespace Countersign.Protocol.Chat;

/// <summary>A whole answer.</summary>
public sealed record ChatAnswer
{
    /// <summary>The upstream's id of it.</summary>
    public string? Id { get; init; }

    /// <summary>The response model.</summary>
    public string? Model { get; init; }

    /// <summary>The choices, by index; never empty once an upstream answered.</summary>
    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    /// <summary>What the upstream counted; <c>null</c> where it said nothing.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The first choice's text; empty where there is none.</summary>
    public string Text => Choices.Count > 0 ? Choices[0].Text : "";
}

/// <summary>One choice of an answer.</summary>
public sealed record ChatChoice
{
    /// <summary>Its index.</summary>
    public required int Index { get; init; }

    /// <summary>The text, reasoning left out.</summary>
    public string Text { get; init; } = "";

    /// <summary>What was thought, in the order it came.</summary>
    public IReadOnlyList<ReasoningPart> Reasoning { get; init; } = [];

    /// <summary>The refusal, where the API keeps it apart.</summary>
    public string? Refusal { get; init; }

    /// <summary>The tool calls.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Log-probabilities of the output tokens; <c>null</c> where the upstream gave none.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }

    /// <summary>What a raw-text parser noticed.</summary>
    public IReadOnlyList<string> ParserFindings { get; init; } = [];

    /// <summary>Why it ended.</summary>
    public FinishReason FinishReason { get; init; } = FinishReason.Unknown;

    /// <summary>The text that stopped it, where known.</summary>
    public string? StopSequence { get; init; }
}
