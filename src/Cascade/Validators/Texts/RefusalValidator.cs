using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators.Texts;

/// <summary><c>refusal</c>: the model does not answer but declines. Known by the API's own field, by a content filter, or by how the text begins.</summary>
internal sealed class RefusalValidator(RefusalOptions options) : ChoiceValidator("refusal", judgesCalls: true)
{
    private readonly IReadOnlyList<string> beginnings = [.. RefusalBeginnings.Known.Concat(options.Beginnings).Select(Fold)];

    public override string Description => "The model answers and does not decline.";

    public override IPrefixJudge? JudgePrefix(ValidationContext context) => new RefusalPrefixJudge(this);

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        bool refuses = choice.Refusal is { Length: > 0 } || choice.FinishReason == FinishReason.ContentFilter || Refuses(choice.Text);
        return refuses ? Ruling.Wrong(Declines) : Ruling.Fine;
    }

    private static Finding Declines { get; } = new("The model declines to answer.");

    private int Longest => beginnings.Max(beginning => beginning.Length);

    private bool Refuses(string text)
    {
        string start = Fold(text.Length > 4 * Longest ? text[..(4 * Longest)] : text);
        return beginnings.Any(beginning => start.StartsWith(beginning, StringComparison.Ordinal));
    }

    /// <summary>Letters in lower case with single spaces; what else stands at the beginning (quotes, asterisks) is left out.</summary>
    private static string Fold(string text)
    {
        var folded = new System.Text.StringBuilder();
        foreach (char c in text.Replace('’', '\''))
        {
            if (char.IsLetter(c) || c == '\'') folded.Append(char.ToLowerInvariant(c));
            else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
        }

        return folded.ToString();
    }

    private sealed class RefusalPrefixJudge(RefusalValidator validator) : IPrefixJudge
    {
        private readonly Dictionary<int, string> starts = [];

        public Finding? See(ChatEvent chatEvent)
        {
            if (chatEvent is RefusalDelta { Text.Length: > 0 } or ChoiceFinished { Reason: FinishReason.ContentFilter }) return Declines;
            if (chatEvent is not TextDelta delta) return null;
            string start = starts.GetValueOrDefault(delta.Choice, "");
            if (start.Length > 4 * validator.Longest) return null;
            starts[delta.Choice] = start + delta.Text;
            return validator.Refuses(starts[delta.Choice]) ? Declines : null;
        }
    }
}
