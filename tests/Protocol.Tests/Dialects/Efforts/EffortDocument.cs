using System.Text;
using Countersign.Protocol.Dialects.Efforts;

namespace Countersign.Protocol.Tests.Dialects.Efforts;

/// <summary>The table of <c>docs/thinking.md</c>.</summary>
internal static class EffortDocument
{
    public const string Begin = "<!-- made by EffortTableTests; COUNTERSIGN_REWRITE=1 makes it anew -->\n";

    public static string Table()
    {
        var table = new StringBuilder("\n| model | family | thinks | reasoning back | what is documented |\n|---|---|---|---|---|\n");
        foreach (string model in IssueModels.Names) table.Append(Row(model)).Append('\n');
        return table.ToString();
    }

    private static string Row(string model)
    {
        var family = FamilyTables.Shipped.Find(model)!;
        var servers = IssueModels.Servers.Select(server => (Name: server, Rule: EffortRules.For(model, server))).Where(server => !server.Rule.Assumed).ToList();
        bool isSameEverywhere = family is { Levels: null, Thinks: not Thinks.Switched, Servers: null };
        string known = isSameEverywhere ? "nothing is sent" : string.Join("; ", servers.Where(server => family.Servers?.ContainsKey(server.Name) == true).Select(server => $"{server.Name}: {Choices(server.Rule)}"));
        return $"| {model[(model.LastIndexOf('/') + 1)..]} | {family.Family} | {Word(family.Thinks)} | {Back(family)} | {(known.Length > 0 ? known : "assumed everywhere")} |";
    }

    private static string Choices(EffortRule rule)
    {
        List<string> choices = [];
        if (rule.Off is not null) choices.Add("off");
        if (rule.Levels.Count > 0) choices.AddRange(rule.Levels);
        else if (rule.Thinks == Thinks.Switched || !rule.TakesBudget) choices.Add("on");
        if (rule.Budget is { } budget) choices.Add(Tokens(budget));
        return string.Join(", ", choices);
    }

    private static string Tokens(BudgetRange budget) => budget switch
    {
        { Least: { } least, Most: { } most } => $"{least} to {most} tokens",
        { Most: { } most } => $"up to {most} tokens",
        { Least: > 1 and var least } => $"{least} tokens and more",
        _ => "tokens",
    };

    private static string Back(FamilyRow family) => family switch
    {
        { Seals: not null } => "sealed",
        { Replay: ReasoningReplay.ToolLoop } => "in tool loops",
        { Replay: ReasoningReplay.Always } => "always",
        _ => "never",
    };

    private static string Word(Thinks thinks) => thinks.ToString().ToLowerInvariant();
}
