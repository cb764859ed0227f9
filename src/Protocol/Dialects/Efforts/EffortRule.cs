using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>What the thinking knob does to one model on one server. Immutable.</summary>
public sealed record EffortRule
{
    /// <summary>The model's family; <c>null</c> where it is not known: the knob then goes as OpenAI writes it.</summary>
    public string? Family { get; init; }

    /// <summary>Whether it thinks.</summary>
    public Thinks Thinks { get; init; }

    /// <summary>The words of its levels there, least first; empty: it has none, or the server cannot be told.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    /// <summary>Whether it takes a budget in tokens there.</summary>
    public bool TakesBudget => Budget is not null;

    /// <summary>Whether anything between off and on can be said.</summary>
    public bool HasLevels => Levels.Count > 0 || TakesBudget;

    /// <summary>Whether this is the nearest rule rather than a documented one.</summary>
    public bool Assumed { get; init; }

    /// <summary>Whether an answer begins inside the thought, as its prompt ends with the opening mark.</summary>
    public bool StartsInThought { get; init; }

    /// <summary>Which reasoning of earlier answers goes back to it.</summary>
    public ReasoningReplay Replay { get; init; } = ReasoningReplay.ToolLoop;

    /// <summary>Whether its maker seals reasoning (signatures, encryption) and takes back its own only.</summary>
    public bool Seals => SealedBy is not null;

    /// <summary>That maker, as in <see cref="ReasoningPart.Maker"/>; <c>null</c> where nothing is sealed.</summary>
    public string? SealedBy { get; init; }

    internal SiblingName? Sibling { get; init; }

    internal BudgetRange? Budget { get; init; }

    internal string Switch { get; init; } = "enable_thinking";

    internal JsonElement? Off { get; init; }

    internal JsonElement? On { get; init; }

    internal JsonElement? Level { get; init; }

    internal JsonElement? BudgetForm { get; init; }

    internal IReadOnlyDictionary<string, JsonElement>? Words { get; init; }

    /// <summary>What is said at the end of the user's message to switch thinking off; nothing is said to switch it on.</summary>
    internal string? SaidOff { get; init; }

    /// <summary>The name that the sibling of <paramref name="model"/> must have, in the form of <see cref="ModelNames.Plain"/>, where the family switches by model and <paramref name="asked"/> needs the other one; else <c>null</c>.</summary>
    public string? SiblingOf(string model, Thinking asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        bool wantsThought = !asked.IsOff;
        if (Sibling is null || wantsThought == (Thinks != Thinks.Never)) return null;
        string plain = ModelNames.Plain(model);
        int at = plain.IndexOf(Sibling.From, StringComparison.Ordinal);
        return at < 0 ? null : string.Concat(plain.AsSpan(0, at), Sibling.To, plain.AsSpan(at + Sibling.From.Length));
    }

    /// <summary>Whether a model has the name that <see cref="SiblingOf"/> gave.</summary>
    public static bool IsNamed(string model, string sibling) => ModelNames.Plain(model) == sibling;
}
