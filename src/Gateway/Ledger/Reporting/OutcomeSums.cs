namespace Countersign.Gateway.Ledger.Reporting;

/// <summary>Sums over requests from which follows what a success cost; those of two samples may be added.</summary>
/// <param name="Requests">The requests.</param>
/// <param name="Successes">Those whose outcome is known.</param>
/// <param name="Costs">The sum of the known costs of these, in US dollars; <c>null</c> where none is known.</param>
/// <param name="SquaredCosts">The sum of their squares.</param>
/// <param name="Products">The sum of cost times success.</param>
/// <param name="IsComplete">Whether all that money is known.</param>
internal readonly record struct OutcomeSums(long Requests, SuccessCount Successes, double? Costs, double SquaredCosts, double Products, bool IsComplete)
{
    /// <summary>What a success cost; <c>null</c> where no outcome is known.</summary>
    public CostPerSuccess? CostPerSuccess
    {
        get
        {
            if (Successes.Known == 0) return null;
            if (Costs is not { } costs) return new CostPerSuccess(null, null, null, IsComplete);
            var ratio = new RatioOfMeans(Successes.Known, costs, Successes.Total, SquaredCosts, Products);
            var interval = IsComplete ? ratio.Interval() : null; // Of the known part it would lie below the truth.
            return new CostPerSuccess(ratio.Value, interval?.Low, interval?.High, IsComplete);
        }
    }

    public static OutcomeSums operator +(OutcomeSums left, OutcomeSums right) => new(
        left.Requests + right.Requests,
        left.Successes + right.Successes,
        left.Costs is null ? right.Costs : left.Costs + (right.Costs ?? 0),
        left.SquaredCosts + right.SquaredCosts,
        left.Products + right.Products,
        left.IsComplete && right.IsComplete);
}
