namespace Countersign.Cli.Hub;

/// <summary>Tries again what a hub cuts, stalls or puts off, until nothing moves any more.</summary>
internal static class HubRetry
{
    /// <summary>Runs <paramref name="step"/> until it succeeds, or fails for good, or fails <see cref="HubOptions.MaxTries"/> times without progress.</summary>
    /// <param name="options">How patiently.</param>
    /// <param name="progress">How far it is. Where it falls back, only what goes beyond the furthest counts.</param>
    /// <param name="step">The step, which goes on where it stopped.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HubException">It failed.</exception>
    public static async Task<T> RunAsync<T>(HubOptions options, Func<long> progress, Func<Task<T>> step, CancellationToken cancellationToken)
    {
        long furthest = progress();
        for (int failures = 0; ;)
        {
            TimeSpan wait;
            try
            {
                return await step();
            }
            catch (HubException exception) when (exception.IsTransient)
            {
                failures = progress() > furthest ? 1 : failures + 1;
                furthest = Math.Max(furthest, progress());
                wait = exception.RetryAfter ?? Delay(options, failures);
                if (failures >= options.MaxTries || wait > options.MaxDelay) throw;
            }

            await Task.Delay(wait, options.Time, cancellationToken);
        }
    }

    private static TimeSpan Delay(HubOptions options, int failures)
    {
        var doubled = options.FirstDelay * Math.Pow(2, failures - 1);
        return doubled < options.MaxDelay ? doubled : options.MaxDelay;
    }
}
