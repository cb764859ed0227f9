using System.Text.Json.Serialization;

namespace Countersign.Replay.Asking;

/// <summary>The part of <c>GET /v1/requests/{id}</c> that results are made of.</summary>
internal sealed record LedgerView(string Ended, bool Accepted, int? Winner, ViewedCost Cost, IReadOnlyList<ViewedAttempt> Attempts, IReadOnlyList<ViewedVerdict> Verdicts)
{
    /// <summary>The attempt whose answer the client got.</summary>
    public ViewedAttempt? WinningAttempt => Attempts.FirstOrDefault(attempt => attempt.Number == Winner);

    /// <summary>Whether the client got a corrected form of what the model wrote.</summary>
    public bool IsMended => Verdicts.Any(verdict => verdict.Attempt == Winner && verdict.Mended);
}

/// <summary>Money.</summary>
internal sealed record ViewedCost(decimal? Usd, bool Complete);

/// <summary>An attempt.</summary>
internal sealed record ViewedAttempt(int Number, string Deployment, string? RequestModel, string Purpose, int Stage, string Status);

/// <summary>A verdict.</summary>
internal sealed record ViewedVerdict(int Attempt, string Validator, string Verdict, bool Mended);

/// <summary>The body of <c>POST /v1/outcomes</c>.</summary>
internal sealed record OutcomeReport(string RequestId, bool Success, string Source);

/// <summary>JSON of what is read from, and reported to, the ledger.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LedgerView))]
[JsonSerializable(typeof(OutcomeReport))]
internal sealed partial class LedgerViewJson : JsonSerializerContext;
