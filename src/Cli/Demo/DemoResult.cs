using Countersign.Gateway.Ledger;

namespace Countersign.Cli.Demo;

/// <summary>What became of one task.</summary>
/// <param name="Trace">Its request, as the ledger has it.</param>
/// <param name="Answer">The answer that the client got; <c>null</c> where it got none.</param>
/// <param name="IsRight">Whether that is the known one.</param>
internal sealed record DemoResult(StoredRequest Trace, string? Answer, bool IsRight)
{
    /// <summary>The attempt whose answer the client got.</summary>
    public StoredAttempt? Winner => Trace.Attempts.FirstOrDefault(attempt => attempt.Number == Trace.Winner);
}
