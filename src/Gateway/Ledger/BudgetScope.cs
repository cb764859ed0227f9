using Countersign.Gateway.Access;

namespace Countersign.Gateway.Ledger;

/// <summary>A budget and whose it is.</summary>
/// <param name="Name">The scope's name in the ledger.</param>
/// <param name="Title">Whose budget it is, for people, as the beginning of a sentence.</param>
/// <param name="Budget">What may be spent.</param>
internal sealed record BudgetScope(string Name, string Title, Budget Budget)
{
    /// <summary>The scope of a key's budget.</summary>
    public static string OfKey(string caller) => "key:" + caller;

    /// <summary>The scope of a route's budget.</summary>
    public static string OfRoute(string route) => "route:" + route;
}

/// <summary>What was reserved.</summary>
/// <param name="Usd">The amount, in US dollars.</param>
/// <param name="Short">The budget that did not suffice; then nothing was reserved.</param>
internal sealed record Granted(decimal Usd, ShortBudget? Short = null);

/// <summary>A budget that does not suffice.</summary>
/// <param name="Scope">Whose it is.</param>
/// <param name="Period">Its period, as <c>per day</c>.</param>
/// <param name="Limit">Its size, in US dollars.</param>
/// <param name="Left">What is neither spent nor reserved, in US dollars; not below zero.</param>
/// <param name="Renews">When the next period begins; <c>null</c>: never.</param>
internal sealed record ShortBudget(BudgetScope Scope, string Period, decimal Limit, decimal Left, DateTimeOffset? Renews);
