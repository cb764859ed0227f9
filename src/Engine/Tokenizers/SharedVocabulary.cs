namespace Countersign.Engine.Tokenizers;

/// <summary>Whether two models mean the same by a token, so that one can guess for the other.</summary>
internal static class SharedVocabulary
{
    /// <summary>Tokens that one of the two may have more at its end: padding to a round number, which differs between sizes of one family. As in llama.cpp.</summary>
    private const int MostFurther = 128;

    /// <summary>Refuses vocabularies that differ; the message says where.</summary>
    /// <exception cref="EngineException">They differ in kind, length, a token's text, or the begin token.</exception>
    public static void Require(Vocabulary vocabulary, string model, Vocabulary draftVocabulary, string draft)
    {
        if (Difference(vocabulary, draftVocabulary) is { } difference)
            throw new EngineException(EngineErrorKind.InvalidRequest, $"'{draft}' cannot guess for '{model}', as their vocabularies differ: {difference}. Take a draft model of the same family.");
    }

    private static string? Difference(Vocabulary vocabulary, Vocabulary draft)
    {
        if (vocabulary.Type != draft.Type) return $"one is {vocabulary.Type}, the draft model's {draft.Type}";
        if (Math.Abs(vocabulary.Count - draft.Count) > MostFurther) return $"{vocabulary.Count} tokens, and {draft.Count} in the draft model";
        for (int id = 0; id < Math.Min(vocabulary.Count, draft.Count); id++)
        {
            string text = vocabulary.Metadata.Tokens[id], other = draft.Metadata.Tokens[id];
            if (text != other) return $"token {id} is '{text}', and '{other}' in the draft model";
        }

        return (vocabulary.Bos, vocabulary.AddBos) == (draft.Bos, draft.AddBos) ? null : $"texts begin with {Begin(vocabulary)}, and with {Begin(draft)} in the draft model";
    }

    private static string Begin(Vocabulary vocabulary) => vocabulary.AddBos ? $"token {vocabulary.Bos}" : "no token of their own";
}
