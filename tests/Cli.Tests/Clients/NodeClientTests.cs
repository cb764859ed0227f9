using System.Diagnostics;
using Countersign.Tests;

namespace Countersign.Cli.Tests.Clients;

/// <summary>The official JavaScript clients: each file of npm/ is run by node's own test runner.</summary>
[Collection(ClientTests.Name)]
public sealed class NodeClientTests(ServedGateway gateway)
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "tests", "Cli.Tests", "Clients", "npm");
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("ai-sdk")]
    [InlineData("langchain")]
    public async Task Client_OverEveryUpstreamAndGate_Works(string client)
    {
        await Installed.Value;
        var (code, output) = await RunAsync("node", ["--test", "--test-reporter=tap", $"{client}.test.mjs"]) ?? throw new InvalidOperationException("node has gone.");
        Assert.True(code == 0, string.Join('\n', output.Split('\n').SkipWhile(line => !line.TrimStart().StartsWith("not ok", StringComparison.Ordinal)).Take(60)));
    }

    /// <summary>Installs the packages of the lock file where they are missing or older.</summary>
    private static async Task InstallAsync()
    {
        var (wanted, got) = (Path.Combine(Folder, "package-lock.json"), Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (await RunInFolderAsync("node", ["--version"]) is not { Code: 0 }) Missing.Skip("node");
        if (File.Exists(got) && File.GetLastWriteTimeUtc(got) >= File.GetLastWriteTimeUtc(wanted)) return;
        if (await RunInFolderAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]) is not { Code: 0 }) Missing.Skip("npm, or a registry that it can reach,");
    }

    private Task<(int Code, string Output)?> RunAsync(string program, string[] arguments) =>
        RunInFolderAsync(program, arguments, ("COUNTERSIGN_URL", gateway.Address), ("COUNTERSIGN_KEY", ServedGateway.Key), ("COUNTERSIGN_LIMITED_KEY", ServedGateway.LimitedKey));

    /// <summary>What the program wrote; <c>null</c> where there is none of this name.</summary>
    private static async Task<(int Code, string Output)?> RunInFolderAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
