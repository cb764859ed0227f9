using System.Security.Cryptography;
using System.Text;
using Countersign.Gateway.Configuration.Files;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Configuration;

/// <summary>Digests of a configuration and of its routes. Secrets take no part, so that a digest may be shown and a key changed without emptying caches.</summary>
internal static class Versions
{
    public static GatewayConfiguration Stamp(GatewayConfiguration configuration, MapNode root, string effectiveYaml) => configuration with
    {
        Version = Digest(effectiveYaml),
        Routes = configuration.Routes.ToDictionary(pair => pair.Key, pair => Stamp(pair.Value, configuration, root)),
    };

    /// <summary>All that decides a route's answers: its own keys but the budget, and who stands behind the names in it.</summary>
    private static GatewayRoute Stamp(GatewayRoute route, GatewayConfiguration configuration, MapNode root)
    {
        var node = (MapNode)((MapNode)root.Get("routes")!).Get(route.Cascade.Name)!;
        var text = new StringBuilder(YamlPrinter.Print(node with { Entries = [.. node.Entries.Where(entry => entry.Key != "budget")] }));
        foreach (string name in RouteReferences.Of(route.Cascade)) Describe(name, configuration, text);
        return route with { Cascade = route.Cascade with { Version = Digest(text.ToString()) } };
    }

    private static void Describe(string name, GatewayConfiguration configuration, StringBuilder text)
    {
        if (configuration.Pools.TryGetValue(name, out Pool? pool))
        {
            text.AppendLine(name);
            foreach (PoolMember member in pool.Members) Describe(member.Deployment, configuration, text);
        }
        else if (configuration.FindDeployment(name) is { } deployment)
        {
            ProviderOptions provider = configuration.Providers[deployment.Provider];
            text.AppendLine($"{name} {deployment.Model} {deployment.Family} {deployment.ContextLength} {provider.Api} {provider.BaseUrl} {provider.Server} {provider.Engine.Models}");
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
