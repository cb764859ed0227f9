using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Configuration;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {Path} reloaded, now version {Version}")]
    public static partial void Reloaded(ILogger logger, string path, string version);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void ProblemFound(ILogger logger, ConfigurationProblem problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration {Path} has {Count} problems and was not taken over; the one before stays in force")]
    public static partial void ReloadFailed(ILogger logger, string path, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes of 'server' and 'ledger' take effect when the server starts again")]
    public static partial void NeedsRestart(ILogger logger);
}
