using Countersign.Gateway.Configuration;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;

namespace Countersign.Gateway.Dispatch;

/// <summary>Deployments that answer in place of others: where a family switches thinking by another model, that model's.</summary>
internal static class Siblings
{
    private static readonly Thinking[] Wishes = [new(ThinkingLevel.Off), new(ThinkingLevel.High)];

    /// <summary>The deployment that answers in place of <paramref name="deployment"/> where <paramref name="asked"/> needs it; <c>null</c>: itself does.</summary>
    public static Deployment? Of(Deployment deployment, Thinking asked, GatewayConfiguration configuration)
    {
        if (RuleOf(deployment, configuration).SiblingOf(deployment.Model, asked) is not { } name) return null;
        var named = configuration.Deployments.Values.Where(other => EffortRule.IsNamed(other.Model, name));
        return named.OrderByDescending(other => other.Provider == deployment.Provider).FirstOrDefault();
    }

    /// <summary>Every deployment that may come to answer for a deployment's or pool's name.</summary>
    public static IEnumerable<Deployment> BehindName(string name, GatewayConfiguration configuration)
    {
        var named = (configuration.Pools.TryGetValue(name, out var pool) ? pool.Members.Select(member => member.Deployment) : [name]).Select(configuration.FindDeployment).OfType<Deployment>()
            .Where(deployment => configuration.Providers.ContainsKey(deployment.Provider)).ToList(); // Without one it is never asked, and the file is wrong.
        return named.Concat(named.SelectMany(deployment => Wishes.Select(asked => Of(deployment, asked, configuration))).OfType<Deployment>()).Distinct();
    }

    /// <summary>What the thinking knob does to a deployment.</summary>
    public static EffortRule RuleOf(Deployment deployment, GatewayConfiguration configuration) => deployment.EffortOn(configuration.Providers[deployment.Provider]);
}
