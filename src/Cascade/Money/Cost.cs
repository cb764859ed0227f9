namespace Countersign.Cascade.Money;

/// <summary>An amount of money of which part may be unknown. What is unknown is never counted as zero: it is said.</summary>
/// <param name="Usd">The known part, in US dollars.</param>
/// <param name="IsComplete">Whether the known part is all of it.</param>
public readonly record struct Cost(decimal Usd, bool IsComplete)
{
    /// <summary>Nothing was spent, and that is certain.</summary>
    public static Cost Zero => new(0, true);

    /// <summary>Nothing is known.</summary>
    public static Cost Unknown => new(0, false);

    /// <summary>An amount known in full.</summary>
    public static Cost Of(decimal usd) => new(usd, true);

    /// <summary>The sum; complete only where both are.</summary>
    public static Cost operator +(Cost left, Cost right) => new(left.Usd + right.Usd, left.IsComplete && right.IsComplete);

    /// <summary>The same as <c>left + right</c>.</summary>
    public static Cost Add(Cost left, Cost right) => left + right;
}
