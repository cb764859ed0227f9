using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>Turns the one thinking knob into what a model on its server understands, and says what was applied.</summary>
public static class Effort
{
    /// <summary>Applies the knob.</summary>
    /// <param name="asked">What is asked.</param>
    /// <param name="rule">What the model can do.</param>
    /// <param name="maxOutputTokens">The request's limit, which thinking shares; <c>null</c>: none.</param>
    /// <exception cref="ProblemException">The budget is larger than the model takes.</exception>
    public static AppliedThinking Apply(Thinking asked, EffortRule rule, int? maxOutputTokens)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.Family is null) return new AppliedThinking { Asked = asked, Applied = "unknown", Assumed = true, Told = asked };
        var applied = asked switch
        {
            { IsOff: true } => Off(asked, rule),
            _ when rule.Thinks == Thinks.Never => Nothing(asked, "off", $"{rule.Family} never thinks"),
            { BudgetTokens: { } tokens } when rule.TakesBudget => Budget(asked, rule, Checked(tokens, rule.Budget!, rule.Family)),
            _ when rule.Levels.Count > 0 => Level(asked, rule, LevelOf(asked)),
            _ when rule.Budget is { AskedOnly: false } => Estimate(asked, rule, LevelOf(asked), maxOutputTokens),
            _ => On(asked, rule),
        };
        return applied with { Assumed = rule.Assumed };
    }

    /// <summary>Applies the knob where nothing may be asked for, because of something else in the request.</summary>
    public static AppliedThinking Obstructed(Thinking asked, EffortRule rule, string why)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(rule);
        if (asked.IsOff || rule.Thinks == Thinks.Never) return Apply(asked, rule, null);
        var off = new AppliedThinking { Asked = asked, Applied = "off", Clamped = true, NoEffect = why, Told = new Thinking(ThinkingLevel.Off), Assumed = rule.Assumed };
        return (rule.SaidOff ?? (object?)rule.Off) is not null || rule.Family is null ? off : off with { Applied = "on", Told = null };
    }

    /// <summary>The refusal of what was clamped, for routes that are strict.</summary>
    public static ProblemException Refusal(AppliedThinking applied, string deployment)
    {
        ArgumentNullException.ThrowIfNull(applied);
        return ProblemException.Invalid(
            $"The thinking asked for ({applied.Asked}) cannot be had from `{deployment}`, which would do '{applied.Applied}', and the route is strict. Ask for that, or name another model.", "thinking", "thinking_not_possible");
    }

    private static AppliedThinking Off(Thinking asked, EffortRule rule)
    {
        if (rule.Thinks == Thinks.Never) return new AppliedThinking { Asked = asked, Applied = "off", Fields = [] };
        if (rule.SaidOff is { } words) return new AppliedThinking { Asked = asked, Applied = "off", Said = words, Fields = [] };
        if (rule.Off is { } off) return Said(asked, "off", rule, off) with { Told = asked };
        if (rule.Budget?.Least is 0) return Budget(asked, rule, 0) with { Applied = "off" };
        if (rule.Levels.Count > 0) return Level(asked, rule, ThinkingLevel.Off);
        return rule is { TakesBudget: true, Budget.Least: { } least } ? Budget(asked, rule, least) with { Clamped = true } : On(asked, rule) with { NoEffect = $"{rule.Family} always thinks" };
    }

    private static AppliedThinking On(Thinking asked, EffortRule rule)
    {
        if (rule.SaidOff is not null) return Nothing(asked, "on", null);
        if (rule.On is not { } on) return Nothing(asked, "on", rule.Thinks == Thinks.Always ? null : $"its server has no switch for {rule.Family}");
        return Said(asked, "on", rule, on) with { Clamped = true, Told = asked };
    }

    private static AppliedThinking Nothing(Thinking asked, string applied, string? why) => new() { Asked = asked, Applied = applied, Clamped = true, NoEffect = why, Fields = [] };

    /// <summary>The least level that is at least what was asked; the highest where none is.</summary>
    private static AppliedThinking Level(Thinking asked, EffortRule rule, ThinkingLevel wanted)
    {
        string word = rule.Levels.FirstOrDefault(level => level == asked.Word)
            ?? rule.Levels.LastOrDefault(level => Thinking.LevelOf(level) == wanted)
            ?? rule.Levels.FirstOrDefault(level => Thinking.LevelOf(level) > wanted)
            ?? rule.Levels[^1];
        var fields = rule.Words?.TryGetValue(word, out var own) == true ? own : rule.Level!.Value;
        return Said(asked, word, rule, fields, word) with { Clamped = asked.BudgetTokens is not null || Thinking.LevelOf(word) != wanted, Told = Thinking.Of(word) };
    }

    private static AppliedThinking Budget(Thinking asked, EffortRule rule, int tokens) =>
        Said(asked, tokens.ToString(CultureInfo.InvariantCulture), rule, rule.BudgetForm!.Value, budget: tokens) with
        {
            Clamped = asked.BudgetTokens is { } wanted && wanted != tokens,
            Told = new Thinking(null, tokens),
        };

    /// <summary>A level where only tokens are understood: the level's usual amount, at most half of the output.</summary>
    private static AppliedThinking Estimate(Thinking asked, EffortRule rule, ThinkingLevel level, int? maxOutputTokens)
    {
        int least = rule.Budget!.Least ?? 1;
        int tokens = Math.Min(Thinking.TokensOf(level), rule.Budget.Most ?? int.MaxValue);
        int fitting = Math.Max(least, Math.Min(tokens, maxOutputTokens / 2 ?? tokens));
        bool fits = maxOutputTokens is not { } limit || fitting < limit;
        if (!fits && rule.Off is not null) return Off(asked, rule) with { Clamped = true, NoEffect = $"max_tokens leaves less than the {least} tokens that it takes" };
        return Budget(asked, rule, fitting) with { Applied = level.ToString().ToLowerInvariant(), Clamped = fitting < tokens };
    }

    private static int Checked(int tokens, BudgetRange range, string family)
    {
        if (tokens > range.Most) throw ProblemException.Invalid($"A thinking budget of {tokens} tokens is more than {family} takes: {range.Most} at most.", "thinking", "thinking_budget_too_large");
        return Math.Max(tokens, range.Least ?? 1);
    }

    private static ThinkingLevel LevelOf(Thinking asked) => asked.Level ?? Thinking.LevelOf(asked.BudgetTokens ?? 0);

    private static AppliedThinking Said(Thinking asked, string applied, EffortRule rule, JsonElement template, string? word = null, int budget = 0) =>
        new() { Asked = asked, Applied = applied, Fields = FieldTemplate.Fill(template, rule.Switch, word, budget) };
}
