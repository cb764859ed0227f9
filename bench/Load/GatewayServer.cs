using System.Diagnostics;

namespace Countersign.Load.Bench;

/// <summary>The gateway as it is published, with its key check, prices, metering and ledger on.</summary>
/// <param name="published">The folder that <c>dotnet publish</c> wrote.</param>
/// <param name="upstream">The upstream's port.</param>
internal sealed class GatewayServer(string published, int upstream) : Server
{
    /// <summary>The one caller's key; good for nothing but this.</summary>
    public const string Key = "sk-load-bench-on-loopback-only-0123456789abcdef";

    public override string Name => "Countersign";

    /// <summary>Publishes the gateway of this repository as the README says; the folder.</summary>
    public static string Publish(string repository)
    {
        string output = Path.Combine(repository, "bench", "Load", "bin", "gateway");
        var arguments = new[] { "publish", Path.Combine(repository, "src", "Cli"), "-c", "Release", "-r", "linux-x64", "-o", output, "-v", "quiet", "-nologo" };
        using var process = Process.Start("dotnet", arguments);
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException("The gateway could not be published.");
    }

    protected override ProcessStartInfo Command()
    {
        string file = Path.Combine(Folder, "countersign.yaml");
        File.WriteAllText(file, Configuration());
        return new ProcessStartInfo(Path.Combine(published, "countersign"), ["serve", "--config", file]);
    }

    private string Configuration() => $$"""
        server: { listen: "127.0.0.1:{{Port}}" }
        ledger: { path: "{{Folder}}/ledger.db" }
        callers: { bench: { key: {{Key}} } }
        providers: { upstream: { api: openai, base_url: "http://127.0.0.1:{{upstream}}/v1" } }
        deployments:
          bench: { provider: upstream, model: bench, price: { input: 1, output: 2 } }
          bench-delay50: { provider: upstream, model: bench-delay50, price: { input: 1, output: 2 } }
          bench-pace5: { provider: upstream, model: bench-pace5, price: { input: 1, output: 2 } }
          gated-one: { provider: upstream, model: bench-gated-one, price: { input: 1, output: 2 } }
          gated-two: { provider: upstream, model: bench-gated-two, price: { input: 1, output: 2 } }
        routes:
          bench-gated:
            draft: { deployments: [gated-one, gated-two] }
            agree: { need: 2, by: json }
            validate: [json_schema, tool_call]
            when_exhausted: error
        """;
}
