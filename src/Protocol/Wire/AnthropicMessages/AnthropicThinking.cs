using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary><c>thinking</c> and <c>output_config.effort</c>, which say together how much is to be thought.</summary>
internal static class AnthropicThinking
{
    /// <summary>The smallest <c>budget_tokens</c>; it must also be less than <c>max_tokens</c>.</summary>
    public const int LeastBudget = 1024;

    /// <summary>Reads both. A <c>type</c> that is not known here stays among the extra fields.</summary>
    public static Thinking? Read(WireObject body, Dictionary<string, JsonElement> extra)
    {
        var effort = Thinking.Of(body["output_config"].ObjectOrNull()?["effort"].TextOrNull());
        if (body["thinking"].ObjectOrNull() is not { } thinking) return effort;
        if (!thinking["display"].IsMissing) extra["thinking.display"] = thinking["display"].Element;
        switch (thinking["type"].Text())
        {
            case "disabled": return new Thinking(ThinkingLevel.Off);
            case "enabled": return new Thinking(effort?.Level, thinking["budget_tokens"].IntegerOrNull(1, WireLimits.OutputTokens) ?? throw thinking["budget_tokens"].Wrong("a number of tokens"), effort?.Word);
            case "adaptive": return effort ?? new Thinking(ThinkingLevel.High); // the API's own default effort
            default:
                extra["thinking"] = thinking.Element;
                return effort;
        }
    }

    /// <summary>Writes the <c>thinking</c> member, with the caller's own <paramref name="display"/> of it where there is one.</summary>
    public static void Write(Utf8JsonWriter json, Thinking thinking, JsonElement display)
    {
        json.WriteStartObject("thinking"u8);
        if (thinking.BudgetTokens is { } budget)
        {
            json.WriteString("type"u8, "enabled"u8);
            json.WriteNumber("budget_tokens"u8, budget);
        }
        else
        {
            json.WriteString("type"u8, thinking.Level == ThinkingLevel.Off ? "disabled"u8 : "adaptive"u8);
        }

        if (display.ValueKind != JsonValueKind.Undefined && !thinking.IsOff) json.WriteRaw("display", display);

        json.WriteEndObject();
    }

    /// <summary>The word for a level; <c>null</c> for none and for off.</summary>
    public static string? EffortOf(Thinking? thinking) => thinking?.Level switch
    {
        ThinkingLevel.Minimal or ThinkingLevel.Low => "low",
        ThinkingLevel.Medium => "medium",
        ThinkingLevel.High => "high",
        ThinkingLevel.Max => thinking.Word ?? "max",
        _ => null,
    };
}
