using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>The fields by which the servers of this API are told how much to think, all read into one <see cref="Thinking"/>.
/// What is not understood (a family's own word, <c>type: adaptive</c>) stays among the extra fields and reaches an upstream of this API as it was.</summary>
internal sealed class ThinkingKnobs
{
    private readonly List<string> read = [];
    private string? first;
    private bool? isOn;
    private ThinkingLevel? level;
    private string? word;
    private int? budget;

    /// <summary>Reads all knobs, and takes those that were understood out of <paramref name="extra"/>.</summary>
    /// <exception cref="ProblemException">They contradict each other, or one is of the wrong type.</exception>
    public static Thinking? Take(WireObject body, Dictionary<string, JsonElement> extra)
    {
        var knobs = new ThinkingKnobs();
        knobs.Level(body["reasoning_effort"]); // OpenAI and most others
        knobs.Reasoning(body["reasoning"]); // OpenRouter
        knobs.Switch(body["thinking"]); // DeepSeek, Z.ai, Moonshot, as Anthropic
        knobs.Flag(body["enable_thinking"]); // Alibaba, SiliconFlow
        knobs.Flag(body["think"]); // Ollama; a level too
        knobs.Budget(body["thinking_budget"]); // Alibaba, SiliconFlow
        knobs.Budget(body["thinking_token_budget"]); // vLLM
        knobs.Budget(body["reasoning_max_tokens"]); // FastDeploy
        foreach (string name in knobs.read) extra.Remove(name);
        knobs.Template(body["chat_template_kwargs"]); // vLLM, SGLang, llama.cpp; holds other things too, so it stays
        return knobs.Build();
    }

    /// <summary>Whether a field is one of the knobs that <see cref="Take"/> reads, <c>chat_template_kwargs</c> aside.</summary>
    public static bool IsKnob(string field) => field is "reasoning_effort" or "reasoning" or "thinking" or "enable_thinking" or "think"
        or "thinking_budget" or "thinking_token_budget" or "reasoning_max_tokens";

    private Thinking? Build()
    {
        if (level is not null || budget is not null) return new Thinking(level, budget, word);
        return isOn is { } on ? new Thinking(on ? ThinkingLevel.Medium : ThinkingLevel.Off) : null;
    }

    private void Level(WireValue value)
    {
        if (Thinking.Of(value.TextOrNull()) is { Level: { } known, Word: var own }) SetLevel(value, known, own);
    }

    private void Reasoning(WireValue value)
    {
        if (value.ObjectOrNull() is not { } reasoning) return;
        Level(reasoning["effort"]);
        Budget(reasoning["max_tokens"]);
        Flag(reasoning["enabled"]);
        if (!IsRead(reasoning["effort"]) && !IsRead(reasoning["max_tokens"]) && !IsRead(reasoning["enabled"])) return;
        read.Add("reasoning");
    }

    private void Switch(WireValue value)
    {
        if (!value.IsObject)
        {
            Flag(value);
            return;
        }

        var thinking = value.Object();
        bool? on = thinking["type"].TextOrNull() switch { "enabled" => true, "disabled" => false, _ => null };
        if (on is null) return;
        SetSwitch(value, on.Value);
        if (on.Value) Budget(thinking["budget_tokens"]);
    }

    private void Template(WireValue value)
    {
        if (!value.IsObject) return;
        var arguments = value.Object();
        foreach (string name in (ReadOnlySpan<string>)["enable_thinking", "thinking"])
        {
            if (arguments[name].Element.ValueKind is JsonValueKind.True or JsonValueKind.False) Flag(arguments[name]);
        }
    }

    private void Flag(WireValue value)
    {
        if (value.IsText) Level(value);
        else if (value.FlagOrNull() is { } on) SetSwitch(value, on);
    }

    private void Budget(WireValue value)
    {
        if (value.IntegerOrNull(0, WireLimits.OutputTokens) is not { } tokens) return;
        if (tokens == 0)
        {
            SetSwitch(value, false);
            return;
        }

        SetSwitch(value, true);
        if (budget is { } other && other != tokens) throw Contradiction(value);
        budget = tokens;
    }

    private void SetLevel(WireValue value, ThinkingLevel given, string? own)
    {
        SetSwitch(value, given != ThinkingLevel.Off);
        if (given == ThinkingLevel.Off) return;
        if (level is { } other && other != given) throw Contradiction(value);
        (level, word) = (given, own);
    }

    private void SetSwitch(WireValue value, bool on)
    {
        if (isOn is { } other && other != on) throw Contradiction(value);
        isOn = on;
        first ??= value.Path;
        read.Add(value.Path);
    }

    private bool IsRead(WireValue value) => read.Contains(value.Path);

    private ProblemException Contradiction(WireValue value) => ProblemException.Invalid(
        $"'{value.Path}' contradicts '{first}': say in one field how much is to be thought.", value.Path);
}
