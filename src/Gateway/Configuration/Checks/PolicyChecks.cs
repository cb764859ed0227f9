using Countersign.Gateway.Access;

namespace Countersign.Gateway.Configuration.Checks;

/// <summary>Policies of routes: that all whom a route may ask are allowed by it.</summary>
internal static class PolicyChecks
{
    public static void Run(CheckedFile file)
    {
        foreach (GatewayRoute route in file.Configuration.Routes.Values)
        {
            // One name at a time, so that every problem is reported at once.
            foreach (string name in RouteReferences.Of(route.Cascade))
            {
                if (PolicyCheck.Of(route.Policy, [name], file.Configuration) is { } breach) file.Report(breach.Message, breach.Remedy ?? "Name another deployment, or loosen the policy.", "routes", route.Cascade.Name, "policy");
            }
        }
    }
}
