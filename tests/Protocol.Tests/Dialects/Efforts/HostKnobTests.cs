using System.Text.Json;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.Dialects.Efforts;

/// <summary>Our rules beside what hosts document for the models they serve.</summary>
public sealed class HostKnobTests
{
    private static readonly Dictionary<string, string> Servers = new()
    {
        ["openrouter"] = "openrouter",
        ["groq"] = "groq",
        ["cerebras"] = "cerebras",
        ["togetherai"] = "together",
        ["fireworks-ai"] = "fireworks",
        ["deepseek"] = "deepseek",
        ["zai"] = "z.ai",
        ["moonshotai"] = "moonshot",
        ["minimax"] = "minimax",
        ["alibaba"] = "alibaba",
        ["openai"] = "openai",
        ["anthropic"] = "anthropic",
        ["google"] = "gemini",
        ["xai"] = "xai",
        ["ollama-cloud"] = "ollama",
    };

    [Fact]
    public void Rules_BesideTheHostsOwnKnobs_SayTheSame()
    {
        using var table = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("data/families/thinking-by-host.json")));
        List<string> differences = [];
        int compared = 0;
        foreach (var host in table.RootElement.GetProperty("models").EnumerateObject().SelectMany(model => model.Value.EnumerateObject()))
        {
            if (!Servers.TryGetValue(host.Name, out string? server)) continue;
            foreach (var offer in host.Value.EnumerateArray())
            {
                string id = offer.GetProperty("id").GetString()!;
                foreach (var knob in offer.GetProperty("knobs").EnumerateArray())
                {
                    compared++;
                    if (Difference(knob, EffortRules.For(id, server)) is { } difference) differences.Add($"{server} {id}: {difference}");
                }
            }
        }

        Assert.True(compared > 60, $"{compared}");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    private static string? Difference(JsonElement knob, EffortRule rule) => knob.GetProperty("type").GetString() switch
    {
        "toggle" => rule.Off is not null || rule.Budget?.Least is 0 ? null : "has a switch",
        "effort" => Levels(knob.GetProperty("values").EnumerateArray().Select(value => value.GetString()!), rule),
        "budget_tokens" => Budget(knob, rule),
        var other => $"has {other}",
    };

    private static string? Levels(IEnumerable<string> words, EffortRule rule)
    {
        string[] levels = [.. words.Where(word => word != "none")];
        if (words.Contains("none") && rule.Off is null) return "can be off";
        return levels.Except(rule.Levels).Any() ? $"has {string.Join(", ", levels)}, not {string.Join(", ", rule.Levels)}" : null;
    }

    private static string? Budget(JsonElement knob, EffortRule rule)
    {
        int? least = knob.TryGetProperty("min", out var min) ? min.GetInt32() : null, most = knob.TryGetProperty("max", out var max) ? max.GetInt32() : null;
        if (rule.Budget is not { } budget) return "takes a budget";
        return (least is not null && least != budget.Least) || (most is not null && most != budget.Most) ? $"takes {least}..{most}, not {budget.Least}..{budget.Most}" : null;
    }
}
