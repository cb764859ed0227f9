using System.Globalization;
using Countersign.Protocol.Catalogue;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.ToolCalls;

namespace Countersign.Cli.Catalogue;

/// <summary>Facts of the catalogue in words. A question mark stands behind what is not verified, and alone for what is not known.</summary>
internal static class CatalogueText
{
    private const string Unknown = "?";

    public static string[] Head { get; } = ["model", "vendor", "country", "licence", "open", "weights", "active", "context", "cache per token", "released", "thinking", "tools", "USD in", "USD out", "at", "state"];

    /// <summary>A model's row under <see cref="Head"/>.</summary>
    public static string[] Row(CatalogueModel model, DateOnly day)
    {
        var price = Cheapest(model, day);
        return
        [
            model.Id, model.Vendor, model.Country, Of(model.Licence, value => value), Of(model.Openness, Open), Of(model.Parameters, value => Count(value.Total)),
            model.Parameters is { Value: var weights } && weights.Active < weights.Total ? Of(model.Parameters, value => Count(value.Active)) : Of(model.Parameters, _ => "all"),
            Of(model.Context, Number), Of(model.Shape, value => Bytes(value.BytesPerToken)), Of(model.Released, Day), Thinking(model), Of(model.Tools, Tools),
            Usd(price?.Input), Usd(price?.Output), price?.Host ?? Unknown, State(model, day),
        ];
    }

    /// <summary>What became of a model, and what to take instead.</summary>
    public static string State(CatalogueModel model, DateOnly day) =>
        model.Unreleased is not null ? "not released"
        : model.Retirement is not { Value: var end } ? "current"
        : model.IsRetiredOn(day) ? $"retired {Day(end.Date)}; take {end.Successor}" : $"retires {Day(end.Date)}; then {end.Successor}";

    /// <summary>A fact in words.</summary>
    public static string Of<T>(Fact<T>? fact, Func<T, string> words) => fact is null ? Unknown : words(fact.Value) + (fact.Unverified ? Unknown : "");

    public static string Thinking(CatalogueModel model)
    {
        var rule = EffortRules.For(model.Id, null);
        if (rule.Family is null) return Unknown;
        string levels = rule.Levels.Count > 0 ? $" ({string.Join(' ', rule.Levels)})" : "";
        return rule.Thinks switch { Thinks.Never => "never", Thinks.Always => "always" + levels, _ => "on or off" + levels };
    }

    /// <summary>The name of its own format of calls; <c>null</c> where it has none or none is known here.</summary>
    public static string? ToolFormat(CatalogueModel model) => model.Tools?.Value == ToolAbility.Native ? ToolCallFormats.For(model.Id)?.Name : null;

    public static string Open(Openness open) => open switch { Openness.Fully => "fully", Openness.Weights => "weights", _ => "no" };

    public static string Tools(ToolAbility tools) => tools == ToolAbility.Native ? "yes" : "prompted";

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Usd(decimal? usd) => usd?.ToString("0.######", CultureInfo.InvariantCulture) ?? Unknown;

    public static string Count(long weights) => string.Create(CultureInfo.InvariantCulture, $"{(weights >= 1_000_000_000 ? weights / 1e9 : weights / 1e6):0.#}{(weights >= 1_000_000_000 ? "B" : "M")}");

    public static string Bytes(long bytes)
    {
        var (size, unit) = bytes switch { >= 1L << 30 => (1L << 30, "GiB"), >= 1L << 20 => (1L << 20, "MiB"), _ => (1L << 10, "KiB") };
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)size:0.#} {unit}");
    }

    /// <summary>The price that holds, by model and host; the one with the cheapest output.</summary>
    private static CataloguePrice? Cheapest(CatalogueModel model, DateOnly day) =>
        model.Prices.Where(price => price.Disputed.Count == 0 && IsInForce(model, price, day)).MinBy(price => price.Output + price.Input);

    private static bool IsInForce(CatalogueModel model, CataloguePrice price, DateOnly day) =>
        price == model.Prices.Where(other => other.Host == price.Host && other.Model == price.Model && (other.ValidFrom is null || other.ValidFrom <= day)).MaxBy(other => other.ValidFrom ?? DateOnly.MinValue);
}
