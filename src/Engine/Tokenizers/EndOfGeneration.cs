namespace Countersign.Engine.Tokenizers;

/// <summary>Which tokens end an answer. GGUF files name at most one or two, so, as llama.cpp does, the others are known by their text
/// (facts read off llama.cpp v0.5.0's vocabulary loader).</summary>
internal static class EndOfGeneration
{
    private static readonly string[] s_turnEnds =
    [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<EOT>", "_<EOT>", "[EOT]",
        "<｜end▁of▁sentence｜>", "<end_of_utterance>",
    ];

    private static readonly string[] s_others =
    [
        "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "</s>", "<|eom_id|>", "[EOS]", "<eos>", "<turn|>", "<|tool_response>", "[e~[",
    ];

    private static readonly string[] s_fimPad = ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"];
    private static readonly string[] s_fimRepository = ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"];
    private static readonly string[] s_fimSeparator = ["<|file_sep|>"];
    private static readonly string[][] s_fillInTheMiddle =
    [
        ["<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>", "<|prefix|>"],
        ["<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>", "<|suffix|>"],
        ["<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>", "<|code_middle|>", "<|middle|>"],
    ];

    private static readonly string[] s_alwaysShown = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"];

    /// <summary>Finds the set, and turns tokens of these texts into control tokens where the file says otherwise.</summary>
    public static HashSet<int> Find(TokenizerMetadata metadata, Func<string, int> idOf, TokenAttributes[] attributes, int eos)
    {
        var ids = new HashSet<int>();
        AddFirst(metadata.FimPad, s_fimPad, control: true);
        AddFirst(metadata.FimRep, s_fimRepository, control: true);
        AddFirst(metadata.FimSep, s_fimSeparator, control: true);
        foreach (string[] texts in s_fillInTheMiddle)
        {
            if (texts.Select(idOf).FirstOrDefault(found => found >= 0, -1) is >= 0 and int id) attributes[id] |= TokenAttributes.Control;
        }

        foreach (string text in s_turnEnds.Concat(s_others)) Add(idOf(text), control: true);
        foreach (string text in s_alwaysShown)
        {
            if (idOf(text) is >= 0 and int id) attributes[id] = TokenAttributes.UserDefined;
        }

        Add(eos, control: false);
        Add(metadata.Eot ?? -1, control: false);
        Add(metadata.Eom ?? -1, control: false);
        Except(idOf, attributes, ids);
        return ids;

        void AddFirst(int? given, string[] texts, bool control)
        {
            if (given is int id) Add(id, control: false);
            else Add(texts.Select(idOf).FirstOrDefault(found => found >= 0, -1), control);
        }

        void Add(int id, bool control)
        {
            if ((uint)id >= (uint)attributes.Length) return;
            ids.Add(id);
            if (control) attributes[id] |= TokenAttributes.Control;
        }
    }

    // In these formats a token of the list only parts the segments of an answer.
    private static void Except(Func<string, int> idOf, TokenAttributes[] attributes, HashSet<int> ids)
    {
        bool Has(string text) => idOf(text) is >= 0 and int id && ids.Contains(id);
        bool hasCall = Has("<|call|>") || Has("<|calls|>");
        if (hasCall && (Has("<|return|>") || Has("<|flush|>")) && Has("<|end|>"))
        {
            ids.Remove(idOf("<|end|>"));
            attributes[idOf("<|end|>")] = TokenAttributes.UserDefined;
        }

        if (Has("<|tool_response>") && Has("</s>"))
        {
            ids.Remove(idOf("</s>"));
            attributes[idOf("</s>")] = TokenAttributes.Normal;
        }
    }
}
