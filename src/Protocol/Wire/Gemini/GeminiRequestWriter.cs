using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Writes the body of <c>generateContent</c>. The model's name and the wish for a stream stand in the address.</summary>
internal static class GeminiRequestWriter
{
    private const int MostStops = 5;

    /// <exception cref="ProblemException">Something that this API cannot carry and that must not be dropped.</exception>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> warnings)
    {
        GeminiForeign.Check(request, warnings);
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        GeminiContentWriter.Write(json, request, target.Model, warnings);
        GeminiTools.Write(json, request);
        WriteGeneration(json, request, target, warnings);
        foreach (var (name, value) in request.Extra)
        {
            if (GeminiForeign.IsCarried(name)) json.WriteRaw(name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteGeneration(Utf8JsonWriter json, ChatRequest request, WireTarget target, ICollection<string> warnings)
    {
        json.WriteStartObject("generationConfig"u8);
        WriteNumber(json, "maxOutputTokens", request.MaxOutputTokens);
        if (request.ChoiceCount != 1) json.WriteNumber("candidateCount"u8, request.ChoiceCount);
        WriteSampling(json, request, warnings);
        WriteStops(json, request.Stop);
        WriteFormat(json, request.ResponseFormat);
        if (request.Logprobs) json.WriteBoolean("responseLogprobs"u8, true);
        if (request.Logprobs) WriteNumber(json, "logprobs", request.TopLogprobs);
        WriteThinking(json, request, target, warnings);
        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatRequest request, ICollection<string> warnings)
    {
        WriteNumber(json, "temperature", request.Temperature);
        WriteNumber(json, "topP", request.TopP);
        WriteNumber(json, "topK", request.TopK);
        WriteNumber(json, "presencePenalty", request.PresencePenalty);
        WriteNumber(json, "frequencyPenalty", request.FrequencyPenalty);
        if (request.Seed is not { } seed) return;
        if (seed is >= int.MinValue and <= int.MaxValue) json.WriteNumber("seed"u8, seed);
        else warnings.Once("seed: Gemini's API takes numbers of 32 bits; left out.");
    }

    private static void WriteStops(Utf8JsonWriter json, IReadOnlyList<string> stops)
    {
        if (stops.Count == 0) return;
        if (stops.Count > MostStops) throw ProblemException.Invalid($"'stop' has {stops.Count} texts; the model asked, whose server speaks Gemini's API, takes at most {MostStops}.", "stop");
        json.WriteStartArray("stopSequences"u8);
        foreach (string stop in stops) json.WriteStringValue(stop);
        json.WriteEndArray();
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format)
    {
        if (format is null or { Kind: ResponseFormatKind.Text }) return;
        json.WriteString("responseMimeType"u8, "application/json"u8);
        if (format.Schema is { } schema) json.WriteRaw("responseJsonSchema", schema); // JSON Schema as it is; responseSchema knows a part of it only.
    }

    private static void WriteThinking(Utf8JsonWriter json, ChatRequest request, WireTarget target, ICollection<string> warnings)
    {
        if (target.Thinking?.Fields is { } fields) WriteFields(json, fields);
        else if (request.Thinking is { } thinking) WriteThinking(json, thinking, warnings);
    }

    private static void WriteFields(Utf8JsonWriter json, JsonObject fields)
    {
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            value!.WriteTo(json);
        }
    }

    /// <summary>For a model that is not in the tables: as the API's newest models take it.</summary>
    private static void WriteThinking(Utf8JsonWriter json, Thinking thinking, ICollection<string> warnings)
    {
        json.WriteStartObject("thinkingConfig"u8);
        if (thinking.IsOff) json.WriteNumber("thinkingBudget"u8, 0);
        else if (thinking.Level is { } level) json.WriteString("thinkingLevel"u8, Thinking.WordOf(level == ThinkingLevel.Max ? ThinkingLevel.High : level));
        else json.WriteNumber("thinkingBudget"u8, thinking.BudgetTokens ?? 0);
        if (thinking.Level == ThinkingLevel.Max) warnings.Once("thinking: the highest level of Gemini's API is 'high'; it was sent.");
        json.WriteBoolean("includeThoughts"u8, !thinking.IsOff);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }
}
