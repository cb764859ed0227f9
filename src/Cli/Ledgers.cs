using System.CommandLine;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Protocol.Problems;

namespace Countersign.Cli;

/// <summary>Finds and opens the ledger that a command works with: the file that is named, else the configuration's, else the usual one in this folder.</summary>
internal static class Ledgers
{
    /// <summary><c>--ledger FILE</c>.</summary>
    public static Option<string> Option() => Options.Path("--ledger", ["-l"], "FILE", $"The ledger's file. Left out: the one that the configuration names, else {new LedgerOptions().Path} in this folder.");

    /// <summary>Runs <paramref name="work"/> with the ledger; an <see cref="ExitCodes"/>. What goes wrong is said on the error stream.</summary>
    /// <param name="ledgerFile">The ledger's file that was named, or <c>null</c>.</param>
    /// <param name="configFile">The configuration that was named, or <c>null</c>.</param>
    /// <param name="isMade">Whether a missing ledger is made; otherwise it is an error.</param>
    /// <param name="terminal">Takes what goes wrong.</param>
    /// <param name="work">What to do.</param>
    public static async Task<int> WithAsync(string? ledgerFile, string? configFile, bool isMade, Terminal terminal, Func<SqliteLedger, Task<int>> work)
    {
        if (PathOf(ledgerFile, configFile, terminal) is not { } path) return ExitCodes.Failed;
        try
        {
            if (!isMade && !File.Exists(path)) throw ProblemException.Invalid($"There is no ledger '{path}'. 'countersign serve' makes one; --ledger names another file.", "ledger");
            await using var ledger = isMade ? SqliteLedger.Open(path, TimeProvider.System) : SqliteLedger.OpenToRead(path, TimeProvider.System);
            return await work(ledger);
        }
        catch (ProblemException exception)
        {
            terminal.Error(exception.Message, "red");
            return ExitCodes.Failed;
        }
    }

    private static string? PathOf(string? ledgerFile, string? configFile, Terminal terminal)
    {
        if (ledgerFile is not null) return ledgerFile;
        return Configurations.FileOf(configFile) is { } file ? Configurations.LoadWithoutSecrets(file, terminal)?.Ledger.Path : new LedgerOptions().Path;
    }
}
