namespace Countersign.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    /// <summary>It did what was asked.</summary>
    public const int Done = 0;

    /// <summary>It could not, or it found problems; the error stream says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int WrongCommandLine = 2;
}
