using System.Globalization;
using Countersign.Protocol.Catalogue;

namespace Countersign.Cli.Catalogue;

/// <summary>All that is known of one model, each fact with its source.</summary>
internal static class CatalogueSheet
{
    public static void Write(CatalogueModel model, ModelCatalogue catalogue, DateOnly day, Terminal terminal)
    {
        terminal.Line(model.Name, "bold");
        terminal.Columns([.. Facts(model, day)]);
        if (model.Prices.Count > 0) terminal.Table(["host", "model there", "from", "USD in", "cached", "write", "out", "read", "source"], [.. model.Prices.SelectMany(Rows)]);
        foreach (string dispute in model.Prices.SelectMany(price => price.Disputed)) terminal.Line($"Disputed, so not counted with: {dispute}.", "yellow");
        foreach (string note in model.Notes) terminal.Line($"Note: {note}.");
        terminal.Line("Sources:");
        terminal.Columns([.. SourcesOf(model).Select(key => (key, catalogue.Sources[key]))]);
    }

    private static IEnumerable<(string Label, string Text)> Facts(CatalogueModel model, DateOnly day)
    {
        yield return ("id", model.Id);
        if (model.Names.Count > 0) yield return ("also called", string.Join(", ", model.Names));
        yield return ("vendor", $"{model.Vendor} ({model.Country})");
        yield return ("licence", Sourced(model.Licence, value => value + (Licences.IsPermissive(value) ? ", permissive" : "")));
        yield return ("open", Sourced(model.Openness, CatalogueText.Open));
        yield return ("weights", Sourced(model.Parameters, value => value.Active < value.Total ? $"{CatalogueText.Count(value.Total)}, of which {CatalogueText.Count(value.Active)} work on a token" : CatalogueText.Count(value.Total)));
        yield return ("context", Sourced(model.Context, value => $"{CatalogueText.Number(value)} tokens"));
        yield return ("cache", Sourced(model.Shape, value => $"{CatalogueText.Bytes(value.BytesPerToken)} per token in 16 bits{(value.WindowLayers > 0 ? $", beside {value.WindowLayers} layers that keep {value.Window} tokens" : "")}"));
        yield return ("released", Sourced(model.Released, CatalogueText.Day));
        yield return ("thinking", CatalogueText.Thinking(model));
        yield return ("tools", Sourced(model.Tools, CatalogueText.Tools) + (CatalogueText.ToolFormat(model) is { } format ? $", as {format}" : ""));
        yield return ("state", model.Unreleased is { } why ? Sourced(why, value => $"not released: {value}") : CatalogueText.State(model, day) + (model.Retirement is { } end ? $" [{end.Source}]" : ""));
    }

    private static string Sourced<T>(Fact<T>? fact, Func<T, string> words) => fact is null ? "not known" : $"{words(fact.Value)} [{fact.Source}]{(fact.Unverified ? " unverified" : "")}{(fact.Note is { } note ? $" ({note})" : "")}";

    private static IEnumerable<string[]> Rows(CataloguePrice price)
    {
        yield return [price.Host, price.Model, price.ValidFrom is { } day ? CatalogueText.Day(day) : "-", .. Amounts(price), CatalogueText.Day(price.Read), price.Source + (price.Disputed.Count > 0 ? " disputed" : "")];
        foreach (var tier in price.Tiers) yield return ["", string.Create(CultureInfo.InvariantCulture, $"above {tier.AboveInputTokens:N0} input tokens"), "", .. Amounts(tier), "", ""];
    }

    private static string[] Amounts(PriceAmounts amounts) => [CatalogueText.Usd(amounts.Input), CatalogueText.Usd(amounts.CachedInput), CatalogueText.Usd(amounts.CacheWrite), CatalogueText.Usd(amounts.Output)];

    private static IEnumerable<string> SourcesOf(CatalogueModel model) => new[]
    {
        model.Licence?.Source, model.Openness?.Source, model.Parameters?.Source, model.Context?.Source, model.Shape?.Source, model.Released?.Source, model.Tools?.Source, model.Retirement?.Source, model.Unreleased?.Source,
    }.Concat(model.Prices.Select(price => price.Source)).OfType<string>().Distinct();
}
