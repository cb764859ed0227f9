namespace Countersign.Cascade.Answers;

/// <summary>The normalisers that a route can name in <c>agreement: { by: ... }</c>.</summary>
public static class Normalisers
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Normaliser> All { get; } =
    [
        new TextNormaliser("exact", "the same text, white space at the ends and line ends aside", ExactAnswer.Canonical),
        new TextNormaliser("number", "the same final number, or numbers, units and separators aside", NumberAnswer.Canonical),
        new TextNormaliser("latex", "the same mathematical answer, however it is written", LatexAnswer.Canonical),
        new TextNormaliser("choice", "the same letter of a multiple choice", ChoiceAnswer.Canonical),
        new TextNormaliser("json", "the same JSON value, order of members and spelling of numbers aside", JsonAnswer.Canonical),
        new TextNormaliser("python", "the same Python literal", PythonAnswer.Canonical),
        new TextNormaliser("code_output", "the same printed output, code fences and space at line ends aside", CodeOutput.Canonical),
        new ToolCallNormaliser(),
    ];

    /// <summary>The normaliser named <paramref name="name"/>, or <c>null</c>.</summary>
    public static Normaliser? Find(string name) => All.FirstOrDefault(normaliser => normaliser.Name == name);
}
