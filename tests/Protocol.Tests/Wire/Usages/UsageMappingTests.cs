using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Embeddings;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.Wire.Usages;

/// <summary>Every provider's own counting, after the collected table of which path of its usage object counts as what.</summary>
public sealed class UsageMappingTests
{
    // Their own APIs are not spoken: Bedrock's Converse, Cohere's chat and embeddings.
    private static readonly string[] OtherApis = ["aws default", "cohere default", "cohere tokens", "cohere embeddings"];

    [Fact]
    public void Read_EveryRowOfTheTable_CountsAsItSays()
    {
        using var table = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("data/families/usage-mappings.json")));
        int read = 0;
        foreach (var provider in table.RootElement.GetProperty("providers").EnumerateObject())
        {
            foreach (var row in provider.Value.EnumerateArray())
            {
                string name = $"{provider.Name} {row.GetProperty("api_flavor").GetString()}";
                if (OtherApis.Contains(name)) continue;
                JsonElement[] paths = [.. row.GetProperty("paths").EnumerateArray().Where(IsPlain)];
                Assert.Equal((name, Expected(paths)), (name, Counted(Read(row, UsageWith(paths)))));
                read++;
            }
        }

        Assert.True(read > 35);
    }

    /// <summary>A usage object that has every path of a row, each with another number.</summary>
    private static JsonObject UsageWith(JsonElement[] paths)
    {
        var usage = new JsonObject();
        foreach (var path in paths)
        {
            string[] steps = Steps(path.GetProperty("path"));
            var at = usage;
            foreach (string step in steps[..^1]) at = (at[step] ??= new JsonObject()).AsObject();
            at[steps[^1]] = ValueOf(steps);
        }

        return usage;
    }

    private static (long? Input, long? CacheRead, long? CacheWrite, long? Output) Expected(JsonElement[] paths)
    {
        long? Sum(string counter) => paths.Where(path => path.GetProperty("adds_to").GetString() == counter).Aggregate((long?)null, (sum, path) => (sum ?? 0) + ValueOf(Steps(path.GetProperty("path"))));
        return (Sum("input_tokens"), Sum("cache_read_tokens"), Sum("cache_write_tokens"), Sum("output_tokens") ?? 0);
    }

    private static (long? Input, long? CacheRead, long? CacheWrite, long? Output) Counted(Usage usage) => (usage.InputTokens, usage.CachedInputTokens, usage.CacheWriteTokens, usage.OutputTokens ?? 0);

    private static long ValueOf(string[] steps) => steps[^1] switch
    {
        "input_tokens" or "prompt_tokens" => 1000,
        "output_tokens" or "completion_tokens" => 100,
        "audio_tokens" => 7,
        "cache_creation_input_tokens" or "cache_write_tokens" => 200,
        _ => 300,
    };

    /// <summary>Whether a path is one of names. Gemini's others pick the audio out of lists; audio is not counted apart here.</summary>
    private static bool IsPlain(JsonElement path) =>
        path.GetProperty("path") is var steps && (steps.ValueKind == JsonValueKind.String || steps.EnumerateArray().All(step => step.ValueKind == JsonValueKind.String));

    private static string[] Steps(JsonElement path) => path.ValueKind == JsonValueKind.String ? [path.GetString()!] : [.. path.EnumerateArray().Select(step => step.GetString()!)];

    private static Usage Read(JsonElement row, JsonObject usage)
    {
        string flavor = row.GetProperty("api_flavor").GetString()!;
        if (flavor == "embeddings") return EmbeddingWire.ReadUsage(Bytes(new JsonObject { ["data"] = new JsonArray(), ["usage"] = usage }))!;
        if (usage.ContainsKey("promptTokenCount")) return UsageCases.Read(WireApiKind.Gemini, usage);
        if (flavor == "responses") return UsageCases.Read(WireApiKind.OpenAiResponses, usage);
        return UsageCases.Read(usage.ContainsKey("input_tokens") ? WireApiKind.AnthropicMessages : WireApiKind.OpenAiChat, usage);
    }

    private static byte[] Bytes(JsonNode node) => System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());
}
