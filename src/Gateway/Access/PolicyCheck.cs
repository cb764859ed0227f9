using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Catalogue;

namespace Countersign.Gateway.Access;

/// <summary>Why a deployment may not be asked under a policy.</summary>
/// <param name="Deployment">Its name.</param>
/// <param name="Message">Which fact forbids it, or is not known.</param>
/// <param name="Remedy">How an unknown fact is declared; <c>null</c> where the fact is known.</param>
internal sealed record PolicyBreach(string Deployment, string Message, string? Remedy);

/// <summary>Holds deployments against a policy. What a file declares of a model counts before the catalogue, and unverified facts of the catalogue do not count.</summary>
internal static class PolicyCheck
{
    /// <summary>The first deployment that may not be asked, of all that may come to answer for <paramref name="names"/>; <c>null</c>: all may.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="names">Deployments and pools.</param>
    /// <param name="configuration">The configuration that they stand in.</param>
    public static PolicyBreach? Of(ModelPolicy policy, IEnumerable<string> names, GatewayConfiguration configuration) =>
        policy.IsEmpty ? null : names.SelectMany(name => Siblings.BehindName(name, configuration)).Select(deployment => Of(policy, deployment)).FirstOrDefault(breach => breach is not null);

    internal static PolicyBreach? Of(ModelPolicy policy, Deployment deployment)
    {
        var (declared, listed) = (deployment.Facts, ModelCatalogue.Shipped.Find(deployment.Model));
        return (policy.PermissiveLicence ? Of(deployment, "licence", declared.Licence ?? Certain(listed?.Licence), listed?.Licence?.Value, Licences.IsPermissive, "a permissive one") : null)
            ?? (policy.Openness is { } least ? Of(deployment, "openness", declared.Openness ?? CertainValue(listed?.Openness), listed?.Openness?.Value.ToString().ToLowerInvariant(), open => open >= least, $"at least '{Word(least)}'", Word) : null)
            ?? (policy.Vendors is { } vendors ? Of(deployment, "vendor", declared.Vendor ?? listed?.Vendor, null, vendor => Contains(vendors, vendor), $"one of {string.Join(", ", vendors)}") : null)
            ?? (policy.Countries is { } countries ? Of(deployment, "country", declared.Country ?? listed?.Country, null, country => Contains(countries, country), $"one of {string.Join(", ", countries)}") : null);
    }

    private static PolicyBreach? Of(Deployment deployment, string fact, string? value, string? unverified, Func<string, bool> isAllowed, string wanted) =>
        value is null ? Unknown(deployment, fact, unverified, wanted) : isAllowed(value) ? null : Breach(deployment, fact, value, wanted);

    private static PolicyBreach? Of(Deployment deployment, string fact, Openness? value, string? unverified, Func<Openness, bool> isAllowed, string wanted, Func<Openness, string> word) =>
        value is not { } known ? Unknown(deployment, fact, unverified, wanted) : isAllowed(known) ? null : Breach(deployment, fact, word(known), wanted);

    private static PolicyBreach Breach(Deployment deployment, string fact, string value, string wanted) =>
        new(deployment.Name, $"'{deployment.Name}' ({deployment.Model}) may not be asked: its {fact} is '{value}', and the policy wants {wanted}.", null);

    private static PolicyBreach Unknown(Deployment deployment, string fact, string? unverified, string wanted) => new(
        deployment.Name,
        $"'{deployment.Name}' ({deployment.Model}) may not be asked: its {fact} is not known for certain{(unverified is null ? "" : $" (the catalogue's '{unverified}' is not verified)")}, and the policy wants {wanted}.",
        $"If you know it, declare it: 'facts: {{ {fact}: ... }}' at the deployment '{deployment.Name}'.");

    private static string? Certain(Fact<string>? fact) => fact is { Unverified: false } ? fact.Value : null;

    private static Openness? CertainValue(Fact<Openness>? fact) => fact is { Unverified: false } ? fact.Value : null;

    private static bool Contains(IReadOnlyList<string> allowed, string value) => allowed.Contains(value, StringComparer.OrdinalIgnoreCase);

    private static string Word(Openness openness) => openness.ToString().ToLowerInvariant();
}
