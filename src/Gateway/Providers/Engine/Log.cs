using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Providers.Engine;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Loading {Model}: {Bytes} bytes of memory")]
    public static partial void Loading(this ILogger log, string model, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Model} in {Time}")]
    public static partial void Loaded(this ILogger log, string model, TimeSpan time);
}
