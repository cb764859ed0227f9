namespace Countersign.Engine.Sampling.Grammar;

/// <summary>Bounds on what a grammar may cost, whoever wrote it.</summary>
internal static class GrammarLimits
{
    /// <summary>Characters of a grammar's or schema's text.</summary>
    public const int TextLength = 1 << 20;

    public const int Rules = 50_000;

    /// <summary>Nodes of the compiled graph; repetitions are written out.</summary>
    public const int Nodes = 300_000;

    /// <summary>Groups within groups.</summary>
    public const int Nesting = 200;

    /// <summary>Ways to go on that are followed at the same time.</summary>
    public const int Positions = 4096;

    /// <summary>States, and masks, that a grammar keeps; beyond it starts afresh.</summary>
    public const int States = 32_768, Masks = 256;

    public static EngineException Invalid(string message) => new(EngineErrorKind.InvalidRequest, message);

    public static EngineException TooLarge(string what) => Invalid($"The grammar is too large: {what}. Make it simpler.");

    public static EngineException TooAmbiguous() => Invalid($"The grammar is too ambiguous: over {Positions} ways to go on at once. Give each text one reading.");
}
