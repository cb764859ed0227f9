using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Sqlite;

namespace Countersign.Gateway.Limits;

/// <summary>What a running request may use. Settled once when it has ended, or released by disposal where it never ran.</summary>
internal sealed class Reservation(SqliteLedger ledger, RateLimiter rates, Demand demand, decimal? usd) : IAsyncDisposable
{
    private bool isSettled;

    /// <summary>The most that the request may cost, in US dollars; <c>null</c>: no budget limits it.</summary>
    public decimal? Usd => usd;

    /// <summary>Hands the request to the ledger, which charges what it cost in place of what was reserved.
    /// Where the cost is not known in full, budgets are charged the reservation, or the known part where that is more.</summary>
    public void Settle(FinishedRequest finished)
    {
        isSettled = true; // Also where the ledger fails: money that was perhaps spent stays reserved.
        ledger.Settle(finished);
        var usage = finished.Trace.TotalUsage;
        if (usage is { InputTokens: { } input, OutputTokens: { } output }) rates.Correct(demand.Caller, demand.Tokens, input + output);
    }

    /// <summary>Gives everything back where the request was not settled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isSettled) return;
        isSettled = true;
        rates.GiveBack(demand.Caller, demand.Tokens);
        if (usd is not null) await ledger.ReleaseAsync(demand.RequestId);
    }
}
