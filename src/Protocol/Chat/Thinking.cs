using System.Globalization;

namespace Countersign.Protocol.Chat;

/// <summary>What thinking is asked for: a level, or a budget in tokens.</summary>
/// <param name="Level">The level, or <c>null</c> where only a budget is given.</param>
/// <param name="BudgetTokens">The most tokens to think, or <c>null</c>.</param>
/// <param name="Word">The caller's own word for the highest level, for which there are two (<c>xhigh</c>, <c>max</c>); <c>null</c> for all others.</param>
public sealed record Thinking(ThinkingLevel? Level, int? BudgetTokens = null, string? Word = null)
{
    /// <summary>Whether none is wanted.</summary>
    public bool IsOff => Level == ThinkingLevel.Off || (Level is null && BudgetTokens is 0);

    /// <summary>The level's word, or the budget's number.</summary>
    public override string ToString() => Level is { } level ? level.ToString().ToLowerInvariant() : (BudgetTokens ?? 0).ToString(CultureInfo.InvariantCulture);

    /// <summary>A level by its word, or <c>null</c> where it is not known.</summary>
    public static Thinking? Of(string? word) => LevelOf(word) is { } level ? new Thinking(level, Word: level == ThinkingLevel.Max ? word : null) : null;

    /// <summary>The word for a level that most servers know.</summary>
    public static string WordOf(ThinkingLevel level) => level switch
    {
        ThinkingLevel.Off => "none",
        ThinkingLevel.Minimal => "minimal",
        ThinkingLevel.Low => "low",
        ThinkingLevel.Medium => "medium",
        ThinkingLevel.High => "high",
        _ => "xhigh",
    };

    /// <summary>The level that a word means, or <c>null</c> where it is not known.</summary>
    public static ThinkingLevel? LevelOf(string? word) => word switch
    {
        "none" or "off" => ThinkingLevel.Off,
        "minimal" => ThinkingLevel.Minimal,
        "low" => ThinkingLevel.Low,
        "medium" => ThinkingLevel.Medium,
        "high" => ThinkingLevel.High,
        "xhigh" or "max" => ThinkingLevel.Max,
        _ => null,
    };

    /// <summary>The level whose usual amount of thinking a budget of tokens comes nearest to.</summary>
    public static ThinkingLevel LevelOf(int budgetTokens) => budgetTokens switch
    {
        0 => ThinkingLevel.Off,
        <= 1024 => ThinkingLevel.Minimal,
        <= 4096 => ThinkingLevel.Low,
        <= 12288 => ThinkingLevel.Medium,
        <= 24576 => ThinkingLevel.High,
        _ => ThinkingLevel.Max,
    };

    /// <summary>The usual amount of thinking of a level, in tokens.</summary>
    public static int TokensOf(ThinkingLevel level) => level switch
    {
        ThinkingLevel.Off => 0,
        ThinkingLevel.Minimal => 1024,
        ThinkingLevel.Low => 4096,
        ThinkingLevel.Medium => 8192,
        ThinkingLevel.High => 16384,
        _ => 32768,
    };
}

/// <summary>The levels of the one thinking knob.</summary>
public enum ThinkingLevel { Off, Minimal, Low, Medium, High, Max }
