using System.CommandLine;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Protocol.Problems;

namespace Countersign.Cli;

/// <summary>Finds and opens the ledger that a command works with: the file that is named, else the configuration's, else the usual one in this folder.</summary>
internal static class Ledgers
{
    /// <summary><c>--ledger FILE</c>.</summary>
    public static Option<string?> Option() => new("--ledger", "-l")
    {
        Description = $"The ledger's file. Left out: the one that the configuration names, else {new LedgerOptions().Path} in this folder.",
        HelpName = "FILE",
    };

    /// <summary>Runs <paramref name="work"/> with the ledger; an <see cref="ExitCodes"/>. What goes wrong is said on the error stream.</summary>
    /// <param name="ledgerFile">The ledger's file that was named, or <c>null</c>.</param>
    /// <param name="configFile">The configuration that was named, or <c>null</c>.</param>
    /// <param name="isMade">Whether a missing ledger is made; otherwise it is an error.</param>
    /// <param name="terminal">Takes what goes wrong.</param>
    /// <param name="work">What to do.</param>
    /// <param name="cancellationToken">Ends the reading of the configuration.</param>
    public static async Task<int> WithAsync(string? ledgerFile, string? configFile, bool isMade, Terminal terminal, Func<SqliteLedger, Task<int>> work, CancellationToken cancellationToken)
    {
        if (await PathAsync(ledgerFile, configFile, terminal, cancellationToken) is not { } path) return ExitCodes.Failed;
        try
        {
            if (!isMade && !File.Exists(path)) throw ProblemException.Invalid($"There is no ledger '{path}'. 'countersign serve' makes one; --ledger names another file.", "ledger");
            await using var ledger = SqliteLedger.Open(path, TimeProvider.System);
            return await work(ledger);
        }
        catch (ProblemException exception)
        {
            terminal.Error(exception.Message, "red");
            return ExitCodes.Failed;
        }
    }

    private static async Task<string?> PathAsync(string? ledgerFile, string? configFile, Terminal terminal, CancellationToken cancellationToken)
    {
        if (ledgerFile is not null) return ledgerFile;
        if (configFile is null && !File.Exists(Configurations.UsualFile)) return new LedgerOptions().Path;
        return await Configurations.LoadAsync(configFile, terminal, cancellationToken) is { } loaded ? loaded.Configuration.Ledger.Path : null;
    }
}
