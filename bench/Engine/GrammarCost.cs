using System.Diagnostics;
using Countersign.Engine.Gguf;
using Countersign.Engine.Sampling.Grammar;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Bench;

/// <summary>What token masks cost with a vocabulary: along an answer, for a grammar never seen before and again for one whose states are known.</summary>
internal static class GrammarCost
{
    private const int Rounds = 9; // The best of them, for each token: whatever else runs is no cost of a mask.

    private const string Answer = """{"vendor": "Café Zentral GmbH", "date": "2026-11-24", "total": 1249.50, "currency": "EUR", "lines": [{"item": "Espresso beans, 2 kg", "amount": 49.90}, {"item": "Grinder \"Mini\"", "amount": 1199.60}], "note": null}""";

    private const string Schema = """
        {"type":"object","properties":{"vendor":{"type":"string"LIMIT},"date":{"type":"string","format":"date"},"total":{"type":"number","minimum":0},"currency":{"enum":["EUR","USD","GBP"]},
        "lines":{"type":"array","items":{"type":"object","properties":{"item":{"type":"string"LIMIT},"amount":{"type":"number"}},"required":["item","amount"],"additionalProperties":false}},
        "note":{"type":["string","null"]}},"required":["vendor","date","total","currency","lines","note"],"additionalProperties":false}
        """;

    public static void Print(string vocabulary)
    {
        using GgufFile file = GgufFile.Open(vocabulary);
        var tokenizer = Tokenizer.FromGguf(file);
        long start = Stopwatch.GetTimestamp();
        var trie = new TokenTrie(tokenizer);
        Console.WriteLine($"{Path.GetFileName(vocabulary)}: {tokenizer.Count} tokens, {trie.Bytes.Length} prefixes, sorted in {Milliseconds(start):f0} ms");
        Print("schema", tokenizer, trie, static () => OutputGrammar.FromJsonSchema(Schema.Replace("LIMIT", "", StringComparison.Ordinal)));
        Print("schema, maxLength 200", tokenizer, trie, static () => OutputGrammar.FromJsonSchema(Schema.Replace("LIMIT", ",\"maxLength\":200", StringComparison.Ordinal)));
        Print("any object", tokenizer, trie, static () => OutputGrammar.AnyJsonObject);
    }

    private static void Print(string name, Tokenizer tokenizer, TokenTrie trie, Func<OutputGrammar> compile)
    {
        int[] tokens = tokenizer.Encode(Answer, addSpecial: false, parseSpecial: false);
        double[] first = new double[tokens.Length], again = new double[tokens.Length];
        Array.Fill(first, double.MaxValue);
        Array.Fill(again, double.MaxValue);
        double compiled = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            OutputGrammar grammar = compile();
            compiled = Math.Min(compiled, Milliseconds(start));
            var masks = new GrammarMasks(new GrammarMachine(grammar.Graph), trie, tokenizer.Count);
            Best(first, Along(masks, tokenizer, tokens));
            Best(again, Along(masks, tokenizer, tokens));
        }

        Console.WriteLine($"  {name,-22} compiled {compiled,6:f2} ms; first: mean {first.Average() * 1000,7:f1} µs, worst {first.Max() * 1000,7:f0} µs; again: mean {again.Average() * 1000,5:f2} µs; {tokens.Length} tokens");
    }

    private static void Best(double[] best, double[] times)
    {
        for (int i = 0; i < best.Length; i++) best[i] = Math.Min(best[i], times[i]);
    }

    /// <summary>Milliseconds for each token's mask and step.</summary>
    private static double[] Along(GrammarMasks masks, Tokenizer tokenizer, int[] tokens)
    {
        var matcher = new GrammarMatcher(masks);
        var times = new double[tokens.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            if (!matcher.Mask()[tokens[i]]) throw new InvalidOperationException($"Token {i} of the answer is not allowed.");
            matcher.Accept(tokenizer.TokenBytes(tokens[i]));
            times[i] = Milliseconds(start);
        }

        return times;
    }

    private static double Milliseconds(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}
