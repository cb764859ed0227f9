using Countersign.Gateway.Configuration;

namespace Countersign.Gateway.Tests.Configuration;

/// <summary>Loads configurations from text, with no variable set but those given.</summary>
internal static class Loading
{
    /// <summary>Providers and deployments for tests that are about something else.</summary>
    public const string Models = """
        providers:
          fleet: { api: openai, server: vllm, base_url: http://gpu-1:8000/v1 }
        deployments:
          drafter: { provider: fleet, model: small, price: { input: 0.10, output: 0.30 } }
          second:  { provider: fleet, model: other }
          strong:  { provider: fleet, model: large }

        """;

    public static LoadedConfiguration Load(string yaml, params (string Name, string Value)[] variables) =>
        ConfigurationLoader.LoadText(yaml, "test.yaml", new ConfigurationEnvironment(name => variables.Where(pair => pair.Name == name).Select(pair => pair.Value).FirstOrDefault(), Path.GetTempPath()));

    /// <summary>The configuration; the test fails with every problem where there is none.</summary>
    public static GatewayConfiguration Good(string yaml, params (string Name, string Value)[] variables)
    {
        LoadedConfiguration loaded = Load(yaml, variables);
        Assert.True(loaded.Configuration is not null, string.Join('\n', loaded.Problems));
        return loaded.Configuration!;
    }

    /// <summary>The problems, a line each.</summary>
    public static string[] Problems(string yaml, params (string Name, string Value)[] variables) => [.. Load(yaml, variables).Problems.Select(problem => problem.ToString())];
}
