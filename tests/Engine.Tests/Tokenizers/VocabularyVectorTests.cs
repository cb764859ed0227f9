using System.Text;
using System.Text.Json;
using Countersign.Engine.Tokenizers;
using Countersign.Tests;

namespace Countersign.Engine.Tests.Tokenizers;

/// <summary>llama.cpp's own vectors and 82 further strings per vocabulary, with its ids, pieces and texts.</summary>
public sealed class VocabularyVectorTests
{
    public static TheoryData<string> Names =>
        ["llama-spm", "phi-3", "llama-bpe", "qwen2", "qwen35", "gpt-2", "gemma-4", "deepseek-llm", "deepseek-coder", "starcoder", "command-r", "bert-bge"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_LlamaCppVectors_GivesTheSameIds(string name)
    {
        Tokenizer tokenizer = Load(name);
        string[] inputs = File.ReadAllText(SharedData.Require($"data/engine/vocab/{name}.inp")).Split("\n__ggml_vocab_test__\n");
        string[] outputs = File.ReadAllText(SharedData.Require($"data/engine/vocab/{name}.out")).TrimEnd('\n').Split('\n');
        var wrong = new List<string>();
        for (int i = 0; i < outputs.Length; i++)
        {
            string ids = string.Join(' ', tokenizer.Encode(inputs[i], addSpecial: false, parseSpecial: false));
            if (ids != outputs[i].Trim()) wrong.Add($"{i} {JsonEncodedText.Encode(inputs[i])}\n  expected {outputs[i]}\n  actual   {ids}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {outputs.Length}\n" + string.Join('\n', wrong.Take(5)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EncodeAndDecode_FurtherStrings_AgreeWithLlamaCpp(string name)
    {
        Tokenizer tokenizer = Load(name);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require($"data/engine/vocab/{name}.extra.json")));
        var wrong = new List<string>();
        foreach (JsonElement test in document.RootElement.GetProperty("cases").EnumerateArray()) Check(tokenizer, test, wrong);
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong\n" + string.Join('\n', wrong.Take(8)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Vocabulary_SpecialIds_AgreeWithLlamaCpp(string name)
    {
        Tokenizer tokenizer = Load(name);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require($"data/engine/vocab/{name}.extra.json")));
        JsonElement info = document.RootElement.GetProperty("info");
        Assert.Equal(info.GetProperty("n_tokens").GetInt32(), tokenizer.Count);
        Assert.Equal(info.GetProperty("bos").GetInt32(), tokenizer.Vocabulary.Bos);
        Assert.Equal(info.GetProperty("eos").GetInt32(), tokenizer.Vocabulary.Eos);
        Assert.Equal(info.GetProperty("add_bos").GetBoolean(), tokenizer.Vocabulary.AddBos);
        Assert.Equal(info.GetProperty("add_eos").GetBoolean(), tokenizer.Vocabulary.AddEos);
        Assert.Equal(info.GetProperty("eog").EnumerateArray().Select(id => id.GetInt32()), tokenizer.Vocabulary.EndOfGenerationIds.Order());
    }

    private static void Check(Tokenizer tokenizer, JsonElement test, List<string> wrong)
    {
        string text = test.GetProperty("text").GetString()!;
        string name = test.GetProperty("name").GetString()!;
        foreach ((string field, bool addSpecial, bool parseSpecial) in
            (ReadOnlySpan<(string, bool, bool)>)[("ids", false, false), ("ids_parse_special", false, true), ("ids_add_special", true, false), ("ids_add_special_parse_special", true, true)])
        {
            string expected = string.Join(' ', test.GetProperty(field).EnumerateArray());
            string actual = string.Join(' ', tokenizer.Encode(text, addSpecial, parseSpecial));
            if (expected != actual) wrong.Add($"{name} {field} {JsonEncodedText.Encode(text)}\n  expected {expected}\n  actual   {actual}");
        }

        foreach ((string field, string ids, bool remove, bool unparse) in
            (ReadOnlySpan<(string, string, bool, bool)>)[("detokenized", "ids", false, false), ("detokenized_parse_special", "ids_parse_special", false, true),
                ("detokenized_parse_special_hidden", "ids_parse_special", false, false), ("detokenized_add_special_removed", "ids_add_special_parse_special", true, false)])
        {
            string expected = test.TryGetProperty(field, out JsonElement plain) ? Convert.ToHexStringLower(Encoding.UTF8.GetBytes(plain.GetString()!))
                : test.TryGetProperty(field + "_hex", out JsonElement hex) ? hex.GetString()! : Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
            int[] list = [.. test.GetProperty(ids).EnumerateArray().Select(id => id.GetInt32())];
            string actual = Convert.ToHexStringLower(tokenizer.DecodeBytes(list, remove, unparse));
            if (expected != actual) wrong.Add($"{name} {field} {JsonEncodedText.Encode(text)}\n  expected {expected}\n  actual   {actual}");
        }

        int[] pieces = [.. test.GetProperty("ids_parse_special").EnumerateArray().Select(id => id.GetInt32())];
        IEnumerable<string> bytes = pieces.Select(id => Convert.ToHexStringLower(tokenizer.TokenBytes(id, special: true)));
        if (!bytes.SequenceEqual(test.GetProperty("pieces_hex").EnumerateArray().Select(piece => piece.GetString()!))) wrong.Add($"{name} pieces");
    }

    // qwen35 is qwen2's file with another pre-tokenizer.
    private static Tokenizer Load(string name) => name == "qwen35"
        ? new Tokenizer(VocabularyFile.Load(SharedData.Require("data/engine/vocab/qwen2.gguf.gz"), "qwen35"))
        : new Tokenizer(VocabularyFile.Load(SharedData.Require($"data/engine/vocab/{name}.gguf.gz")));
}
