using System.Text;
using Countersign.Protocol.Catalogue;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.Catalogue;

/// <summary>The table of <c>docs/models.md</c>: made from what runs here, and held to it.</summary>
public sealed class ModelTableTests
{
    private const string Begin = "<!-- made by ModelTableTests; COUNTERSIGN_REWRITE=1 makes it anew -->\n", Tested = "tested", Assumed = "assumed", NotApplicable = "–";

    [Fact]
    public void Document_OfTheModels_IsTheGeneratedOne()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs", "models.md"), text = File.ReadAllText(file);
        string expected = text[..(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + Table();

        if (Environment.GetEnvironmentVariable("COUNTERSIGN_REWRITE") == "1") File.WriteAllText(file, expected);
        Assert.Equal(expected, File.ReadAllText(file));
    }

    /// <summary>What the column <c>template</c> rests on: <see cref="Templates.GoldenTests"/> renders them, calls and results included.</summary>
    [Fact]
    public void Templates_OfTheCatalogue_AreAllHeldAndRendered()
    {
        string goldens = SharedData.Require("data/templates/goldens");

        Assert.All(ModelCatalogue.Shipped.Models.Where(model => model.Template is not null), model => Assert.True(File.Exists(Path.Combine(goldens, Path.ChangeExtension(model.Template!.Value, ".json"))), model.Template!.Value));
    }

    private static string Table()
    {
        var table = new StringBuilder("\n| model | thinking | reasoning out | reasoning back | tools out | tools back | usage | price | template |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var model in ModelCatalogue.Shipped.Models) table.Append(Row(model)).Append('\n');
        return table.ToString();
    }

    private static string Row(CatalogueModel model)
    {
        var shown = new ModelEvidence(model);
        string[] cells = !shown.IsReleased ? [.. Enumerable.Repeat(NotApplicable, 8)] :
        [
            shown.Thinks ? Word(shown.ThinkingIsTold) : NotApplicable,
            shown.Thinks ? Word(shown.ReasoningIsRead) : NotApplicable,
            shown.Thinks ? Word(shown.ReasoningGoesBack) : NotApplicable,
            Word(shown.CallsAreRead),
            Word(shown.CallsGoBack),
            Word(shown.UsageIsCounted),
            shown.HasPrice ? Tested : NotApplicable,
            shown.IsClosed ? NotApplicable : Word(model.Template is not null),
        ];
        return $"| {model.Name} | {string.Join(" | ", cells)} |";
    }

    private static string Word(bool isShown) => isShown ? Tested : Assumed;
}
