namespace Countersign.Cli.Hub;

/// <summary>What a model hub, or the disk below a pull, did not give. The message says what, and what can be done.</summary>
/// <param name="message">For the person who pulls.</param>
/// <param name="isTransient">Whether the same again, later, may succeed.</param>
/// <param name="retryAfter">How long the hub asks to wait.</param>
internal sealed class HubException(string message, bool isTransient = false, TimeSpan? retryAfter = null) : Exception(message)
{
    public bool IsTransient => isTransient;

    public TimeSpan? RetryAfter => retryAfter;
}
