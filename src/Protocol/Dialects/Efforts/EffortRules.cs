using System.Collections.Concurrent;
using System.Text.Json;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>Finds the rule of a model on a server. Found rules are kept, so that a request costs one look. Thread-safe.</summary>
public static class EffortRules
{
    // Callers may name any model of a provider; the table must not grow with them for ever.
    private const int MostKept = 4096;

    private static readonly ConcurrentDictionary<Key, EffortRule> Kept = new();

    /// <summary>The rule of a model, by its name or its family's, on a server (<c>vllm</c>, <c>openrouter</c>, ...; <c>null</c>: not known).</summary>
    public static EffortRule For(string model, string? server)
    {
        var key = new Key(model, server);
        if (Kept.TryGetValue(key, out var rule)) return rule;
        rule = Make(FamilyTables.Shipped, model, server);
        if (Kept.Count < MostKept) Kept[key] = rule;
        return rule;
    }

    /// <summary>The family of a model by its name; <c>null</c> where it is not known.</summary>
    public static string? FamilyOf(string model) => For(model, null).Family;

    private static EffortRule Make(FamilyTables tables, string model, string? server)
    {
        if (tables.Find(model) is not { } family) return new EffortRule { Assumed = true, SealedBy = Makers.OfServer(server) };
        var form = tables.Servers.GetValueOrDefault(server ?? "") ?? tables.Servers[FamilyTables.AnyServer];
        var here = family.Servers?.GetValueOrDefault(server ?? "");
        var thinks = here?.Thinks ?? family.Thinks;
        var level = here?.Level ?? form.Level;
        bool takesBudget = here?.Budget is not null && form.Budget is not null;
        return new EffortRule
        {
            Family = family.Family,
            Thinks = thinks,
            Levels = level is null && here?.Words is null ? [] : here?.Levels ?? family.Levels ?? [],
            Assumed = IsAssumed(family, here, form, thinks),
            StartsInThought = family.Opened,
            Replay = family.Replay,
            SealedBy = family.Seals,
            Sibling = family.Sibling,
            Budget = takesBudget ? here!.Budget : null,
            Switch = here?.Switch ?? family.Switch ?? "enable_thinking",
            Off = thinks == Thinks.Switched ? here?.Off ?? form.Off : null,
            On = here?.On ?? (thinks == Thinks.Switched ? form.On : (JsonElement?)null),
            Level = level,
            BudgetForm = form.Budget,
            Words = here?.Words,
            SaidOff = family.SaidOff,
        };
    }

    /// <summary>A model without a switch is told nothing, so that its server does not matter.</summary>
    private static bool IsAssumed(FamilyRow family, FamilyOnServer? here, ServerForm form, Thinks thinks)
    {
        if (family.Source == FamilyTables.Unverified || here?.Source == FamilyTables.Unverified) return true;
        bool isTold = thinks == Thinks.Switched || family.Levels is not null;
        return isTold && (here is null || form.Source == FamilyTables.Unverified);
    }

    /// <summary>A type of its own: a tuple of strings is hashed and compared by code that first asks which types it holds.</summary>
    private readonly record struct Key(string Model, string? Server);
}
