namespace Countersign.Engine.Tokenizers;

/// <summary>How BPE text is cut into words before merging, and the defaults that llama.cpp ties to the same name.</summary>
/// <param name="Expressions">Applied one after another, each to the pieces of the one before; what none matches stays a piece.</param>
internal sealed record PreTokenizer(Pattern[] Expressions)
{
    /// <summary>A word that is a token is taken whole, whatever the merges say.</summary>
    public bool IgnoreMerges { get; init; }
    public bool AddBos { get; init; }
    public bool CleanSpaces { get; init; }

    /// <summary>Vocabulary written in the byte alphabet; otherwise in UTF-8 with U+2581 for a space.</summary>
    public bool ByteLevel { get; init; } = true;
    public bool HasDefaultBos { get; init; } = true;

    /// <summary>Cuts <paramref name="text"/> into pieces, written as their ends.</summary>
    public void Split(ReadOnlySpan<char> text, List<int> ends)
    {
        ends.Clear();
        SplitBy(Expressions[0], text, 0, ends);
        for (int i = 1; i < Expressions.Length; i++)
        {
            int[] before = [.. ends];
            ends.Clear();
            int start = 0;
            foreach (int end in before)
            {
                SplitBy(Expressions[i], text[start..end], start, ends);
                start = end;
            }
        }
    }

    private static void SplitBy(Pattern pattern, ReadOnlySpan<char> text, int offset, List<int> ends)
    {
        int start = 0;
        for (int at = 0; at < text.Length;)
        {
            int end = pattern.Match(text, at);
            if (end <= at)
            {
                Pattern.CodePoint(text, at, out int width);
                at += width;
                continue;
            }

            if (at > start) ends.Add(offset + at);
            ends.Add(offset + end);
            start = at = end;
        }

        if (start < text.Length) ends.Add(offset + text.Length);
    }
}

/// <summary>The pre-tokenizers by their name in <c>tokenizer.ggml.pre</c>. The expressions are those of the models' published tokenizers, as llama.cpp v0.5.0 lists them.</summary>
internal static class PreTokenizers
{
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";
    private const string Spaces = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Words = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|";
    private const string Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|" + Spaces;
    private const string Llama3 = Words + @"\p{N}{1,3}" + Rest;
    private const string Qwen2 = Words + @"\p{N}" + Rest;
    private const string Qwen35 = Contractions + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + Spaces;
    private const string CasedWords = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+#|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*#|";
    private const string CasedRest = @"| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + Spaces;
    private const string DeepSeek3Words = @"[!-/:-@\[-`{-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|" + Spaces;
    private const string Han = @"[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+";

    private const string KimiWords =
        @"\p{Han}+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}";

    private const string DeepSeekLetters =
        "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼ"
        + "ℂℇℊ-ℓℕℙ-ℝℤ\\u2126ℨ\\u212a-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃";

    private static readonly Dictionary<string, Lazy<PreTokenizer>> s_byName = Build();

    /// <exception cref="InvalidDataException">The name is not known.</exception>
    public static PreTokenizer Find(string name) =>
        s_byName.TryGetValue(name.Length == 0 ? "default" : name, out Lazy<PreTokenizer>? found)
            ? found.Value
            : throw new InvalidDataException($"Pre-tokenizer '{name}' (tokenizer.ggml.pre) is not known.");

    private static Dictionary<string, Lazy<PreTokenizer>> Build()
    {
        var table = new Dictionary<string, Lazy<PreTokenizer>>(StringComparer.Ordinal);
        void Add(string names, Func<PreTokenizer, PreTokenizer> with, params string[] expressions)
        {
            var made = new Lazy<PreTokenizer>(() => with(new PreTokenizer(expressions.Select(Pattern.Parse).ToArray())));
            foreach (string name in names.Split(' ')) table[name] = made;
        }

        AddGpt2Line(Add);
        AddLlama3Line(Add);
        AddOthers(Add);
        return table;
    }

    private delegate void AddTo(string names, Func<PreTokenizer, PreTokenizer> with, params string[] expressions);

    private static void AddGpt2Line(AddTo add)
    {
        add("default", p => p with { CleanSpaces = true }, @"[\p{P}\$\+<=>\^~\|]+", Gpt2, @"\p{N}+", "[0-9]{3,3}");
        add("gpt-2 phi-2 mpt olmo jais gigachat a.x-4.0 mellum modern-bert exaone4 jina-es jina-de jina-v2-es jina-v2-de jina-v1-en jina-v2-code roberta-bpe",
            p => p with { CleanSpaces = true }, Gpt2);
        add("trillion granite-docling", p => p, Gpt2);
        add("starcoder refact codeshell exaone minerva-7b mellum2", p => p with { CleanSpaces = true }, @"\p{N}", Gpt2);
        add("command-r smollm", p => p, @"\p{N}", Gpt2);
        add("falcon", p => p with { CleanSpaces = true }, @"[\p{P}\$\+<=>\^~\|`]+", Gpt2, "[0-9]{3,3}");
    }

    private static void AddLlama3Line(AddTo add)
    {
        add("llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano",
            p => p with { IgnoreMerges = true, AddBos = true, CleanSpaces = true }, Llama3);
        add("dbrx smaug-bpe", p => p with { CleanSpaces = true }, Llama3);
        add("glm4 chatglm-bpe", p => p with { CleanSpaces = true, HasDefaultBos = false }, Llama3);
        add("stablelm2", p => p with { CleanSpaces = true }, Qwen2);
        add("qwen2 deepseek-r1-qwen kormo f2llmv2 hunyuan solar-open megrez grok-2", p => p, Qwen2);
        add("qwen35", p => p, Qwen35);
        add("seed-coder", p => p, Words + @"\p{N}| ?[^\s\p{L}\p{N}\r\n]+|" + Spaces);
        add("bailingmoe bailingmoe2 llada-moe", p => p, Words + @"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+");
    }

    private static void AddOthers(AddTo add)
    {
        add("gpt-4o llama4 kanana2 minimax-m2", p => p, CasedWords.Replace("#", Contractions + "?", StringComparison.Ordinal) + @"\p{N}{1,3}" + CasedRest);
        add("tiny_aya cohere2moe", p => p, @"\p{N}{1,3}", CasedWords.Replace("#", Contractions + "?", StringComparison.Ordinal) + @"\p{N}{1,3}" + CasedRest);
        add("tekken", p => p with { IgnoreMerges = true, AddBos = true }, CasedWords.Replace("#", "", StringComparison.Ordinal) + @"\p{N}" + CasedRest);
        add("kimi-k2", p => p, KimiWords + Rest);
        add("deepseek-v3 hunyuan-dense joyai-llm hy_v4", p => p, @"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DeepSeek3Words);
        add("deepseek-coder", p => p, @"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", Unescape(Han), @"\p{N}");
        add("deepseek-llm", p => p, @"[\r\n]", Unescape(@"\s?[" + DeepSeekLetters + "]+"),
            Unescape(@"\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+"), @"\s+$", Unescape(Han), @"\p{N}+");
        add("gemma4 sarvam-moe", p => p with { ByteLevel = false, AddBos = true, CleanSpaces = true }, @"[^\n]+|[\n]+");
    }

    private static string Unescape(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, @"\\u([0-9a-f]{4})", m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString());
}
