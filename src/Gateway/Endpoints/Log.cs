using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Endpoints;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} broke for request {Id}.")]
    public static partial void EndpointBroke(this ILogger log, string path, string id, Exception exception);
}
