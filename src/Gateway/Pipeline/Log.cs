using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Pipeline;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Request {Id} broke.")]
    public static partial void RequestBroke(this ILogger log, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ledger could not record request {Id}.")]
    public static partial void LedgerBroke(this ILogger log, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ledger could not record the prices in force.")]
    public static partial void PricesNotRecorded(this ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Id} {Model}: {Status} after {Milliseconds} ms, {Attempts} attempts, {End}.")]
    public static partial void RequestEnded(this ILogger log, string id, string model, int status, double milliseconds, int attempts, Cascade.Attempts.CascadeEnd end);
}
