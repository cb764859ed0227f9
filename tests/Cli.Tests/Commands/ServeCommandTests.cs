using Countersign.Cli.Commands;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Providers;

namespace Countersign.Cli.Tests.Commands;

public sealed class ServeCommandTests
{
    [Fact]
    public void Note_WithoutDeployments_SaysWhatIsMissingOrHowModelsAreNamed()
    {
        Assert.Contains("OPENAI_API_KEY", ServeCommand.NoDeploymentNote(new GatewayConfiguration()), StringComparison.Ordinal);
        Assert.Contains("OPENAI_API_KEY", ServeCommand.NoDeploymentNote(With(ProviderApi.Engine)), StringComparison.Ordinal);
        Assert.EndsWith("cloud/MODEL.", ServeCommand.NoDeploymentNote(With(ProviderApi.Anthropic)), StringComparison.Ordinal);
    }

    private static GatewayConfiguration With(ProviderApi api) => new() { Providers = new Dictionary<string, ProviderOptions> { ["cloud"] = new() { Name = "cloud", Api = api } } };
}
