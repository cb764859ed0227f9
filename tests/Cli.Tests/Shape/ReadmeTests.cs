using System.Text.RegularExpressions;
using Countersign.Gateway.Configuration;

namespace Countersign.Cli.Tests.Shape;

/// <summary>What the README shows works.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Configuration_Shown_Loads()
    {
        string yaml = Yaml().Match(SourceTree.Read("README.md")).Groups[1].Value;
        var loaded = ConfigurationLoader.LoadText(yaml, "README.md", new ConfigurationEnvironment(name => name == "ANTHROPIC_API_KEY" ? "sk-ant-test" : null, SourceTree.Root));
        Assert.Empty(loaded.Problems);
        Assert.Equal(["json_schema", "quotes", "expression"], loaded.Configuration!.Routes["invoices"].Cascade.Validators.Select(validator => validator.Name));
    }

    [Fact]
    public void Validators_Listed_AreThoseThatThereAre()
    {
        string row = SourceTree.Read("README.md").Split('\n').Single(line => line.StartsWith("| validators |", StringComparison.Ordinal));
        var listed = Code().Matches(row).Select(match => match.Groups[1].Value);
        Assert.Equal(Countersign.Cascade.Validators.ValidatorCatalogue.All.Select(kind => kind.Name).Order(), listed.Order());
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Yaml();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Code();
}
