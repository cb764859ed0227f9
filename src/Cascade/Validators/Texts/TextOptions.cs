using System.ComponentModel;

namespace Countersign.Cascade.Validators.Texts;

/// <summary>Options of <c>regex</c>.</summary>
internal sealed record PatternOptions
{
    /// <summary>The pattern that the text must match.</summary>
    [Description("An ECMA-262 pattern that must be found in the text; anchor it with ^ and $ to judge all of it.")]
    public required string Pattern { get; set; }
}

/// <summary>Options of <c>contains</c>.</summary>
internal sealed record ContainsOptions
{
    /// <summary>Texts that must all occur.</summary>
    [Description("Texts that must all occur in the answer.")]
    public IReadOnlyList<string> All { get; set; } = [];

    /// <summary>Texts of which one must occur.</summary>
    [Description("Texts of which at least one must occur in the answer.")]
    public IReadOnlyList<string> Any { get; set; } = [];

    /// <summary>Whether case counts.</summary>
    [Description("Whether upper and lower case differ. Default: false.")]
    public bool CaseSensitive { get; set; }
}

/// <summary>Options of <c>forbids</c>.</summary>
internal sealed record ForbidsOptions
{
    /// <summary>Texts that must not occur.</summary>
    [Description("Texts that must not occur in the answer, its reasoning or its tool calls. A draft with one never goes out, and is cut off there unless a check before this one mends.")]
    public IReadOnlyList<string> Texts { get; set; } = [];

    /// <summary>Patterns that must not be found.</summary>
    [Description("ECMA-262 patterns that must not be found in the answer, its reasoning or its tool calls. A draft with one never goes out.")]
    public IReadOnlyList<string> Patterns { get; set; } = [];

    /// <summary>Whether case counts, for texts.</summary>
    [Description("Whether upper and lower case differ in texts. Default: false.")]
    public bool CaseSensitive { get; set; }
}

/// <summary>What a length is counted in.</summary>
internal enum LengthUnit { Characters, Words, Lines }

/// <summary>Options of <c>length</c>.</summary>
internal sealed record LengthOptions
{
    /// <summary>The least.</summary>
    [Description("The least length; an answer that only calls tools may have less.")]
    public int? Min { get; set; }

    /// <summary>The most.</summary>
    [Description("The most length. A draft is cut off where it is exceeded, unless a check before this one mends.")]
    public int? Max { get; set; }

    /// <summary>What it is counted in.</summary>
    [Description("What it is counted in: characters, words or lines. Default: characters.")]
    public LengthUnit Unit { get; set; } = LengthUnit.Characters;
}

/// <summary>Options of <c>refusal</c>.</summary>
internal sealed record RefusalOptions
{
    /// <summary>Further beginnings that are refusals.</summary>
    [Description("Further beginnings of an answer that count as a refusal, beside the known ones.")]
    public IReadOnlyList<string> Beginnings { get; set; } = [];
}

/// <summary>Options of <c>repetition</c>.</summary>
internal sealed record RepetitionOptions
{
    /// <summary>How often a piece must be repeated.</summary>
    [Description("How often the same piece must follow itself to be a loop. Default: 5.")]
    public int Times { get; set; } = 5;

    /// <summary>How many characters the loop must have.</summary>
    [Description("How many characters the repeated pieces must have together. Default: 300.")]
    public int Span { get; set; } = 300;
}

/// <summary>Options of <c>language</c>.</summary>
internal sealed record LanguageOptions
{
    /// <summary>The languages allowed.</summary>
    [Description("The languages allowed, as ISO 639-1 codes such as en or de, of those that can be told apart; without it, the language of the last user message.")]
    public IReadOnlyList<string> Is { get; set; } = [];
}

/// <summary>Options of <c>confidence</c>.</summary>
internal sealed record ConfidenceOptions
{
    /// <summary>The least mean probability.</summary>
    [Description("The least mean probability of the tokens (their geometric mean), 0 to 1.")]
    public double? Mean { get; set; }

    /// <summary>The least probability of any token.</summary>
    [Description("The least probability of any single token, 0 to 1.")]
    public double? Min { get; set; }

    /// <summary>The least mean margin.</summary>
    [Description("The least mean difference between the probabilities of the best and the second-best token, 0 to 1.")]
    public double? Margin { get; set; }
}
