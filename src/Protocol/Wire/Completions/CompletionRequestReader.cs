using System.Collections.Frozen;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Completions;

/// <summary>Reads a request to <c>/v1/completions</c>, as OpenAI documents it.</summary>
internal static class CompletionRequestReader
{
    private const int MostPrompts = 2048;
    private const int MostStops = 1024;
    private const int DefaultTokens = 16;

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "model", "prompt", "max_tokens", "temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "stop", "seed", "n", "best_of", "logprobs", "echo", "suffix",
        "user", "stream", "stream_options", "add_special_tokens",
    ]);

    public static CompletionRequest Read(ReadOnlySpan<byte> bytes)
    {
        var body = WireObject.Parse(bytes);
        string? model = body["model"].TextOrNull();
        if (string.IsNullOrWhiteSpace(model) || model.Length > WireLimits.ModelName) throw body["model"].Wrong("the name of a deployment");
        if (body["suffix"].TextOrNull() is { Length: > 0 }) throw ProblemException.Invalid("'suffix' cannot be honoured: texts are gone on with at their end only.", "suffix");
        int choices = body["n"].IntegerOrNull(1, WireLimits.Choices) ?? 1;
        if (body["best_of"].IntegerOrNull(1, WireLimits.Choices) is { } best && best != choices) throw ProblemException.Invalid("'best_of' cannot be honoured where it differs from 'n'.", "best_of");
        return new CompletionRequest
        {
            Prompts = ReadPrompts(body["prompt"]),
            Settings = ReadSettings(body, model, choices),
            Echo = body["echo"].FlagOrNull() ?? false,
            AddSpecialTokens = body["add_special_tokens"].FlagOrNull() ?? true,
            Body = body.Element,
            Length = bytes.Length,
        };
    }

    private static ChatRequest ReadSettings(WireObject body, string model, int choices) => new()
    {
        Api = WireApiKind.OpenAiChat,
        Model = model,
        Messages = [],
        MaxOutputTokens = body["max_tokens"].IntegerOrNull(0, WireLimits.OutputTokens) ?? DefaultTokens,
        Temperature = body["temperature"].NumberOrNull(0, 2),
        TopP = body["top_p"].NumberOrNull(0, 1),
        TopK = body["top_k"].IntegerOrNull(-1, int.MaxValue) is > 0 and var topK ? topK : null,
        FrequencyPenalty = body["frequency_penalty"].NumberOrNull(-2, 2),
        PresencePenalty = body["presence_penalty"].NumberOrNull(-2, 2),
        Stop = ReadStop(body["stop"]),
        Seed = body["seed"].LongOrNull(),
        ChoiceCount = choices,
        Logprobs = !body["logprobs"].IsMissing && body["logprobs"].Element.ValueKind != JsonValueKind.False,
        TopLogprobs = body["logprobs"].Element.ValueKind is JsonValueKind.False or JsonValueKind.True ? null : body["logprobs"].IntegerOrNull(0, 128),
        User = body["user"].TextOrNull(),
        Stream = body["stream"].FlagOrNull() ?? false,
        IncludeUsage = body["stream_options"].ObjectOrNull()?["include_usage"].FlagOrNull() ?? false,
        Extra = body.Except(Known),
    };

    private static IReadOnlyList<CompletionPrompt> ReadPrompts(WireValue value)
    {
        if (value.IsText) return [new CompletionPrompt(value.Text(), null)];
        WireValue[] items = [.. value.Items()];
        if (items.Length > 0 && items[0].Element.ValueKind == JsonValueKind.Number) return [new CompletionPrompt(null, ReadTokens(items))];
        if (items.Length is 0 or > MostPrompts) throw value.Wrong($"a text, token ids, or an array of 1 to {MostPrompts} of them");
        return [.. items.Select(item => item.IsText ? new CompletionPrompt(item.Text(), null) : new CompletionPrompt(null, ReadTokens([.. item.Items()])))];
    }

    private static int[] ReadTokens(WireValue[] items) => [.. items.Select(item => item.IntegerOrNull(0, int.MaxValue) ?? throw item.Wrong("a token id"))];

    private static string[] ReadStop(WireValue value)
    {
        if (value.IsMissing) return [];
        string[] stops = value.IsText ? [value.Text()] : [.. value.Items().Select(item => item.Text())];
        if (stops.Length > MostStops) throw value.Wrong($"at most {MostStops} strings");
        return stops.Contains("") ? throw value.Wrong("without empty strings") : stops;
    }
}
