namespace Countersign.Engine;

/// <summary>The vectors of some texts, in their order.</summary>
/// <param name="Vectors">One for each text; length 1 (but a reranker's are its scores).</param>
/// <param name="PromptTokens">Tokens of all texts together.</param>
public sealed record EmbeddingResult(IReadOnlyList<float[]> Vectors, int PromptTokens);
