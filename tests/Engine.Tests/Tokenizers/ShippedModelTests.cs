using System.Text.Json;
using Countersign.Engine.Gguf;
using Countersign.Engine.Tokenizers;
using Countersign.Tests;

namespace Countersign.Engine.Tests.Tokenizers;

/// <summary>The token ids in the references of the two shipped models.</summary>
public sealed class ShippedModelTests
{
    [Fact]
    public void Encode_SmolLm2ReferencePrompts_GivesTheReferenceIds()
    {
        using GgufFile file = GgufFile.Open(Find("SmolLM2-135M-Instruct.Q4_1.gguf"));
        Tokenizer tokenizer = Tokenizer.FromGguf(file);
        int count = 0;
        foreach (JsonElement line in Lines("SmolLM2-135M-Instruct.reference.jsonl"))
        {
            string prompt = line.GetProperty("prompt").GetString()!;
            int[] expected = [.. line.GetProperty("prompt_tokens").EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(expected, tokenizer.Encode(prompt, addSpecial: false, parseSpecial: true));
            Assert.Equal(prompt, tokenizer.Decode(expected, unparseSpecial: true));
            count++;
        }

        Assert.Equal(16, count);
    }

    [Fact]
    public void Encode_MiniLmReferenceTexts_GivesTheReferenceIds()
    {
        using GgufFile file = GgufFile.Open(Find("all-MiniLM-L6-v2-Q8_0.gguf"));
        Tokenizer tokenizer = Tokenizer.FromGguf(file);
        int count = 0;
        foreach (JsonElement line in Lines("all-MiniLM-L6-v2.reference.jsonl"))
        {
            int[] expected = [.. line.GetProperty("token_ids").EnumerateArray().Select(id => id.GetInt32())];
            int[] actual = tokenizer.Encode(line.GetProperty("text").GetString()!, addSpecial: true, parseSpecial: false);
            Assert.Equal(expected, actual);
            count++;
        }

        Assert.Equal(18, count);
    }

    private static string Find(string file)
    {
        string shipped = Path.Combine(SharedData.RepositoryRoot, "models", file);
        return File.Exists(shipped) ? shipped : SharedData.Require($"models/{file}");
    }

    private static IEnumerable<JsonElement> Lines(string file)
    {
        foreach (string line in File.ReadLines(Find(file)))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }
}
