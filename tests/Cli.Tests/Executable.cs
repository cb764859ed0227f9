using System.Diagnostics;
using Countersign.Tests;

namespace Countersign.Cli.Tests;

/// <summary>The command line as a process of its own: the executable that <c>dotnet publish -r</c> made, where <c>COUNTERSIGN_EXECUTABLE</c> names it, else what was built with the tests.</summary>
internal static class Executable
{
    private const string Variable = "COUNTERSIGN_EXECUTABLE";

    private static readonly string? Published = Environment.GetEnvironmentVariable(Variable);

    /// <summary>The program and the arguments that start it.</summary>
    public static string[] CommandOf(IEnumerable<string> arguments) =>
        Published is null ? [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "countersign.dll"), .. arguments] : [Published, .. arguments];

    /// <summary>Starts it; its output and its error stream are the caller's to read.</summary>
    public static Process Start(params IEnumerable<string> arguments)
    {
        string[] command = CommandOf(arguments);
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Runs the published one to its end, and no other.</summary>
    public static async Task<(int Code, string Output, string Error)> RunPublishedAsync(params string[] arguments)
    {
        if (Published is null) Missing.Skip($"a published executable ({Variable})");
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
