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
    public static Process Start(params IEnumerable<string> arguments) => CommandOf(arguments) is [var program, .. var rest] ? StartProgram(program, rest) : throw new UnreachableException();

    private static Process StartProgram(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Runs the published one to its end, and no other.</summary>
    public static Task<(int Code, string Output, string Error)> RunPublishedAsync(params string[] arguments)
    {
        if (Published is null) Missing.Skip($"a published executable ({Variable})");
        return EndAsync(Start(arguments));
    }

    /// <summary>Runs it to its end as somebody whom permissions bind, which are nothing to the superuser.</summary>
    public static Task<(int Code, string Output, string Error)> RunUnprivilegedAsync(params string[] arguments) =>
        EndAsync(Environment.IsPrivilegedProcess ? StartProgram("setpriv", ["--inh-caps=-all", "--bounding-set=-all", .. CommandOf(arguments)]) : Start(arguments));

    private static async Task<(int Code, string Output, string Error)> EndAsync(Process started)
    {
        using var process = started;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
