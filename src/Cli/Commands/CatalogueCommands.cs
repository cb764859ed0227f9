using System.CommandLine;
using Countersign.Cli.Catalogue;
using Countersign.Gateway.Configuration.Shapes;
using Countersign.Protocol.Catalogue;

namespace Countersign.Cli.Commands;

/// <summary>The commands of <c>countersign models</c> that ask the catalogue.</summary>
internal static class CatalogueCommands
{
    private const int StandardContext = 8192;

    public static DocumentedCommand List()
    {
        var licence = Options.Word("--licence", "Only models whose licence is permissive (Apache-2.0, MIT and their like).", "permissive", "any");
        var open = Options.Word("--open", "Only models whose weights can be had, or fully open ones: data and training code too.", "weights", "fully");
        var fits = new Option<bool>("--fits") { Description = $"Only models that fit this machine's memory at {CatalogueQuery.FitForm.Name} with a context of {CatalogueQuery.FitContext} tokens." };
        var vendor = new Option<string?>("--vendor") { Description = "Only models of a maker; a part of its name will do.", HelpName = "NAME" };
        var format = Options.Word("--format", "How it is written.", "table", "json", "csv");
        var command = new DocumentedCommand(
            "list", "Lists the models of the catalogue: licence, size, prices, abilities. A question mark: not verified, or not known.",
            "countersign models list", "countersign models list --licence permissive --open weights --fits", "countersign models list --vendor alibaba --format csv") { licence, open, fits, vendor, format };
        command.SetAction(parsed => RunList(new CatalogueQuery(parsed.GetValue(licence), parsed.GetValue(open), parsed.GetValue(fits), parsed.GetValue(vendor)), parsed.GetValue(format), new Terminal(parsed)));
        return command;
    }

    public static DocumentedCommand Fit()
    {
        var name = new Argument<string>("model") { Description = "A model of the catalogue, by any of its names." };
        var context = new Option<int?>("--ctx-size", "--ctx", "-c") { Description = $"The length of the context, in tokens; {StandardContext}, or the model's where it is shorter, where left out.", HelpName = "N" };
        var quant = new Option<string>("--quant", "-q") { Description = "How its weights are kept.", HelpName = "FORM", DefaultValueFactory = _ => "Q4_K_M" };
        var command = new DocumentedCommand(
            "fit", "Tells whether a model fits this machine and how fast it can be, before anything is downloaded.",
            "countersign models fit qwen3-30b-a3b", "countersign models fit gpt-oss-20b --ctx 32768 --quant MXFP4") { name, context, quant };
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed);
            return Find(parsed.GetRequiredValue(name), terminal) is { } model ? RunFit(model, parsed.GetRequiredValue(quant), parsed.GetValue(context), terminal) : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>The model of a name, or <c>null</c>, which is then said.</summary>
    public static CatalogueModel? Find(string name, Terminal terminal)
    {
        if (ModelCatalogue.Shipped.Find(name) is { } model) return model;
        terminal.Error($"The catalogue has no model '{name}'. {DidYouMean.Remedy(name, ModelCatalogue.Shipped.Models.Select(known => known.Id), "It has")}", "red");
        return null;
    }

    public static DateOnly Today() => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private static int RunList(CatalogueQuery query, string? format, Terminal terminal)
    {
        var models = query.Of(ModelCatalogue.Shipped, Machine.MemoryBytes);
        if (format == "json") terminal.Text(ModelCatalogue.ToJson(models) + "\n");
        else if (format == "csv") terminal.Text(CatalogueCsv.Write(models, Today()));
        else if (models.Count == 0) terminal.Line("No model is so.");
        else terminal.Table(CatalogueText.Head, [.. models.Select(model => CatalogueText.Row(model, Today()))]);
        return ExitCodes.Done;
    }

    private static int RunFit(CatalogueModel model, string quant, int? context, Terminal terminal)
    {
        if (Quantisation.Find(quant) is not { } form) return Refuse($"There is no form '{quant}'. {DidYouMean.Remedy(quant, Quantisation.All.Select(known => known.Name), "Known")}", terminal);
        long most = model.Context?.Value ?? long.MaxValue, tokens = context ?? Math.Min(StandardContext, most);
        if (tokens < 1 || tokens > most) return Refuse($"A context of {CatalogueText.Number(tokens)} tokens cannot be: {model.Name} takes 1 to {CatalogueText.Number(most)}.", terminal);
        if (model.Openness?.Value is not (Openness.Weights or Openness.Fully)) return Refuse(model.Unreleased?.Value ?? $"The weights of {model.Name} cannot be had.", terminal);
        if (MemoryEstimate.Of(model, form, tokens) is not { } need) return Refuse($"How many weights {model.Name} has is not known.", terminal);
        FitReport.Write(model, form, tokens, need, Machine.MemoryBytes, Machine.MeasureBandwidth(TimeProvider.System), terminal);
        return need.Total <= Machine.MemoryBytes ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static int Refuse(string message, Terminal terminal)
    {
        terminal.Error(message, "red");
        return ExitCodes.Failed;
    }
}
