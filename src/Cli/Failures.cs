using Countersign.Protocol.Problems;

namespace Countersign.Cli;

/// <summary>What is said where a command ends with an exception that it did not expect itself: a line, never a stack trace.</summary>
internal static class Failures
{
    /// <summary>Says it; the <see cref="ExitCodes"/>.</summary>
    public static int Report(Exception exception, TextWriter error)
    {
        try
        {
            error.WriteLine(Words(exception));
        }
        catch (IOException)
        {
            // Nobody hears it.
        }

        return ExitCodes.Failed;
    }

    private static string Words(Exception exception) => exception switch
    {
        OperationCanceledException => "Stopped.",
        ProblemException or IOException or UnauthorizedAccessException => exception.Message,
        _ => $"This is a fault of countersign itself: please report it, with the command line and this: {exception.GetType().Name}: {exception.Message} {Place(exception)}",
    };

    private static string? Place(Exception exception) => exception.StackTrace?.Split('\n')[0].Trim();
}
