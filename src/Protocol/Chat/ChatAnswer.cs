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
