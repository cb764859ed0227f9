using System.Text;
using System.Text.Json;
using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Configuration.Discovery;

/// <summary>A configuration made from what is there.</summary>
/// <param name="Loaded">The configuration, or why what was found makes none.</param>
/// <param name="Found">What was found, a line each, without secrets.</param>
public sealed record DiscoveredConfiguration(LoadedConfiguration Loaded, IReadOnlyList<string> Found);

/// <summary>Makes a configuration where there is no file: from provider keys in the environment, servers that answer on this machine, and weights in <c>./models</c>.
/// It is written as the file that it amounts to and read like any other, so that there is one way to a configuration.</summary>
public static class ConfigurationDiscovery
{
    private const string ModelsFolder = "models";

    /// <summary>Looks around.</summary>
    /// <param name="environment">Variables, and the folder that holds <c>models</c>.</param>
    /// <param name="http">Asks the loopback ports; each is given less than half a second, all at once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<DiscoveredConfiguration> RunAsync(ConfigurationEnvironment environment, HttpMessageInvoker http, TimeProvider time, CancellationToken cancellationToken)
    {
        IReadOnlyList<LoopbackServer> servers = await LoopbackServers.FindAsync(http, time, cancellationToken);
        var clouds = KnownProviders.All.SelectMany(cloud => cloud.KeyVariables.Where(name => environment.Get(name) is not null).Take(1).Select(variable => (cloud, variable))).ToList();
        IReadOnlyList<string> weights = ModelFolder.List(Path.Combine(environment.Folder, ModelsFolder));
        string yaml = Write(clouds, servers, weights.Count > 0);
        return new DiscoveredConfiguration(ConfigurationLoader.LoadText(yaml, "environment", environment), [.. Describe(clouds, servers, weights)]);
    }

    private static string Write(List<(KnownProvider Cloud, string Variable)> clouds, IReadOnlyList<LoopbackServer> servers, bool hasWeights)
    {
        var yaml = new StringBuilder();
        if (servers.Any(server => server.BaseUrl.Port == 8080)) yaml.Append("server: { listen: \"127.0.0.1:8081\" }\n"); // The usual port is taken.
        if (hasWeights || servers.Count > 0 || clouds.Count > 0) yaml.Append("providers:\n");
        if (hasWeights) yaml.Append($"  local: {{ api: engine, models: ./{ModelsFolder} }}\n");
        foreach (LoopbackServer server in servers) yaml.Append($"  {server.Name}: {{ api: openai, server: {server.Server}, base_url: \"{server.BaseUrl}\" }}\n");
        foreach (var (cloud, variable) in clouds) yaml.Append($"  {cloud.Name}: {{ api: {NameOf(cloud.Api)}, server: {cloud.Name}, key: \"${{{variable}}}\" }}\n");
        if (servers.Any(server => server.Models.Count > 0)) yaml.Append("deployments:\n");
        foreach (LoopbackServer server in servers)
        {
            foreach (string model in server.Models.Distinct()) yaml.Append($"  {Quoted($"{server.Name}/{model}")}: {{ provider: {server.Name}, model: {Quoted(model).Replace("${", "$${")} }}\n");
        }

        return yaml.ToString();
    }

    private static IEnumerable<string> Describe(List<(KnownProvider Cloud, string Variable)> clouds, IReadOnlyList<LoopbackServer> servers, IReadOnlyList<string> weights)
    {
        if (weights.Count > 0) yield return $"weights in ./{ModelsFolder}: {string.Join(", ", weights)}";
        foreach (LoopbackServer server in servers) yield return $"{server.Server} at {server.BaseUrl}: {(server.Models.Count == 1 ? "1 model" : $"{server.Models.Count} models")}, such as {server.Name}/{server.Models.FirstOrDefault("MODEL")}";
        foreach (var (cloud, variable) in clouds) yield return $"{variable}: models of {cloud.Name}, as {cloud.Name}/MODEL";
    }

    private static string NameOf(ProviderApi api) => api switch
    {
        ProviderApi.Anthropic => "anthropic",
        ProviderApi.Gemini => "gemini",
        _ => "openai",
    };

    // A JSON string is a YAML string in double quotes.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
