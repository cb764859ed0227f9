namespace Countersign.Gateway.Configuration.Checks;

/// <summary>What a file's shape cannot say: names that must exist, settings that contradict each other, settings that would do nothing.</summary>
internal static class SemanticChecks
{
    public static void Run(CheckedFile file)
    {
        ServerChecks.Run(file);
        ProviderChecks.Run(file);
        NameChecks.Run(file);
        DeploymentChecks.Run(file);
        RouteChecks.Run(file);
        PolicyChecks.Run(file);
    }
}
