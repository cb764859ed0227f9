using System.Text;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Problems;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.Dialects.Efforts;

/// <summary>Every model that must work on every server, against <c>applied.tsv</c>: a change of the facts shows there.</summary>
public sealed class EffortTableTests
{
    private static readonly Thinking[] Asked = [new(ThinkingLevel.Off), new(ThinkingLevel.Low), new(ThinkingLevel.High), new(ThinkingLevel.Max), new(null, 4096)];

    private static string GoldenFile => Path.Combine(SharedData.RepositoryRoot, "tests/Protocol.Tests/Dialects/Efforts/applied.tsv");

    [Fact]
    public void Apply_EveryModelOnEveryServer_DoesWhatTheTableSays()
    {
        Check(GoldenFile, Table());
    }

    [Fact]
    public void Document_OfTheKnob_HasTheTableMadeFromTheFacts()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs/thinking.md");
        string text = File.ReadAllText(file);
        Check(file, text[..(text.IndexOf(EffortDocument.Begin, StringComparison.Ordinal) + EffortDocument.Begin.Length)] + EffortDocument.Table());
    }

    [Fact]
    public void FamilyOf_EveryModelThatMustWork_IsKnown() => Assert.DoesNotContain(IssueModels.Names, name => EffortRules.FamilyOf(name) is null);

    [Fact]
    public void Tables_EveryFact_HasItsSource()
    {
        var tables = FamilyTables.Shipped;
        Assert.All(tables.Servers.Values, server => Assert.Contains(server.Source, tables.Sources.Keys));
        Assert.All(tables.Families, family => Assert.Contains(family.Source, tables.Sources.Keys));
        var onServers = tables.Families.SelectMany(family => family.Servers ?? new Dictionary<string, FamilyOnServer>());
        Assert.All(onServers, pair => Assert.True(tables.Servers.ContainsKey(pair.Key) && tables.Sources.ContainsKey(pair.Value.Source), pair.Key));
    }

    private static void Check(string file, string expected)
    {
        if (Environment.GetEnvironmentVariable("COUNTERSIGN_REWRITE") == "1") File.WriteAllText(file, expected);
        Assert.Equal(File.ReadAllText(file), expected);
    }

    private static string Table()
    {
        var table = new StringBuilder("model\tserver\tassumed\toff\tlow\thigh\tmax\t4096\tfields of off\tfields of high\n");
        foreach (string model in IssueModels.Names)
        {
            foreach (string server in IssueModels.Servers) table.Append(Row(model, server)).Append('\n');
        }

        return table.ToString();
    }

    private static string Row(string model, string server)
    {
        var rule = EffortRules.For(model, server);
        var applied = Asked.Select(asked => Applied(asked, rule));
        return string.Join('\t', [model, server, rule.Assumed ? "assumed" : "", .. applied, Fields(ThinkingLevel.Off, rule), Fields(ThinkingLevel.High, rule)]);
    }

    private static string Applied(Thinking asked, EffortRule rule)
    {
        try
        {
            var applied = Effort.Apply(asked, rule, null);
            return applied.Clamped ? $"{applied.Applied} (clamped)" : applied.Applied;
        }
        catch (ProblemException problem)
        {
            return problem.Problem.Code!;
        }
    }

    private static string Fields(ThinkingLevel level, EffortRule rule) => Effort.Apply(new Thinking(level), rule, null).Fields!.ToJsonString();
}
