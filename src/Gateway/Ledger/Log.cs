using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Ledger;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Finished requests wait in the journal beside the ledger: {Problem}")]
    public static partial void TablesBroke(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The ledger's tables have what had to wait in the journal.")]
    public static partial void TablesMended(this ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "A finished request fits no table of the ledger; its record is kept in {Path}, and reports lack it.")]
    public static partial void RecordRefused(this ILogger log, string path, Exception exception);
}
