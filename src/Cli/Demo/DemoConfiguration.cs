using Countersign.Cascade.Routes;
using Countersign.Gateway.Configuration;

namespace Countersign.Cli.Demo;

/// <summary>The configuration that the demo runs: <c>demo.yaml</c>, with a last, strong stage where one is named.</summary>
internal static class DemoConfiguration
{
    /// <summary>The model that drafts.</summary>
    public const string Model = "SmolLM2-135M-Instruct.Q4_1";

    /// <summary>Reads it.</summary>
    /// <param name="models">The folder of GGUF files.</param>
    /// <param name="ledger">Where the run's ledger goes.</param>
    public static LoadedConfiguration Load(string models, string ledger)
    {
        using var reader = new StreamReader(typeof(DemoConfiguration).Assembly.GetManifestResourceStream("Countersign.Cli.Demo.demo.yaml")!);
        var variables = new Dictionary<string, string> { ["DEMO_MODELS"] = Path.GetFullPath(models), ["DEMO_LEDGER"] = ledger };
        return ConfigurationLoader.LoadText(reader.ReadToEnd(), "demo.yaml", new ConfigurationEnvironment(variables.GetValueOrDefault, Directory.GetCurrentDirectory()));
    }

    /// <summary>The same with a further stage: a deployment of the caller's own configuration.</summary>
    public static GatewayConfiguration WithStrong(GatewayConfiguration demo, GatewayConfiguration own, string strong) => demo with
    {
        Providers = own.Providers.Concat(demo.Providers).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value),
        Deployments = new Dictionary<string, Gateway.Dispatch.Deployment>(demo.Deployments) { [strong] = own.FindDeployment(strong)! },
        Routes = demo.Routes.ToDictionary(pair => pair.Key, pair => pair.Value with { Cascade = WithStage(pair.Value.Cascade, strong) }),
    };

    private static Route WithStage(Route route, string strong) => route with { Escalation = [.. route.Escalation, new Stage { Deployments = [strong] }] };
}
