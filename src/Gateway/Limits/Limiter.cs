using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Limits;

/// <summary>Reserves rate and money before a request runs, and lets none run whose end could not be written down. Budgets are kept in the ledger's file, so that they hold over restarts and over processes that share it.</summary>
internal sealed class Limiter(SqliteLedger ledger, TimeProvider time)
{
    private readonly RateLimiter rates = new(time);

    /// <summary>Takes a request's place in the caller's minute and reserves money for it in the budgets of its key and route. Where the budgets leave less than the most it can cost, but enough for one attempt, that is reserved.</summary>
    /// <exception cref="ProblemException">The ledger cannot be written, the minute is used up, a budget does not suffice, or a budget would have to be kept without knowing a price.</exception>
    public async Task<Reservation> ReserveAsync(Demand demand, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ledger.EnsureWritable();
        rates.Take(demand.Caller, demand.Tokens);
        try
        {
            return new Reservation(ledger, rates, demand, await ReserveMoneyAsync(demand));
        }
        catch (ProblemException)
        {
            rates.GiveBack(demand.Caller, demand.Tokens);
            throw;
        }
    }

    private async Task<decimal?> ReserveMoneyAsync(Demand demand)
    {
        var scopes = ScopesOf(demand);
        if (scopes.Count == 0) return null;
        if (demand.LeastUsd is not { } least) throw Refuse($"{scopes[0].Title} has a budget, and the price of this request is not known. Give the deployments a price, or take the budget away.");
        var granted = await ledger.ReserveAsync(demand.RequestId, scopes, least, Math.Max(least, demand.MostUsd ?? least));
        return granted.Short is { } budget ? throw Refuse(budget, least) : granted.Usd;
    }

    private static List<BudgetScope> ScopesOf(Demand demand)
    {
        List<BudgetScope> scopes = [];
        if (!demand.Caller.Budget.IsUnlimited) scopes.Add(new BudgetScope(BudgetScope.OfKey(demand.Caller.Id), $"The API key '{demand.Caller.Name}'", demand.Caller.Budget));
        if (demand.Route is { Budget.IsUnlimited: false } route) scopes.Add(new BudgetScope(BudgetScope.OfRoute(route.Cascade.Name), $"The route '{route.Cascade.Name}'", route.Budget));
        return scopes;
    }

    private ProblemException Refuse(ShortBudget budget, decimal needed)
    {
        string message = $"{budget.Scope.Title} may spend {budget.Limit} USD {budget.Period}, of which {budget.Left} USD are left; this request may cost {needed} USD.";
        return Refuse(message, budget.Renews - time.GetUtcNow());
    }

    private static ProblemException Refuse(string message, TimeSpan? retryAfter = null) => new(new Problem(ProblemKind.BudgetExceeded, message, Code: "budget_exceeded", RetryAfter: retryAfter));
}
