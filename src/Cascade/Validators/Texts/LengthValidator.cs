using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Texts;

/// <summary><c>length</c>: bounds for the length of the text. What exceeds the most is condemned while it streams.</summary>
internal sealed class LengthValidator : ChoiceValidator
{
    private readonly LengthOptions options;

    public LengthValidator(LengthOptions options) : base("length", judgesCalls: true)
    {
        if (options.Min is null && options.Max is null) throw ProblemException.Invalid("There is no bound; give 'min', 'max' or both.", "max");
        if (options.Min < 0 || options.Max < 0 || options.Min > options.Max) throw ProblemException.Invalid("'min' and 'max' are zero or more, and 'min' is not above 'max'.", "min");
        this.options = options;
    }

    public override string Description =>
        $"The text has {(options.Min is { } min ? $"at least {min}" : "")}{(options is { Min: not null, Max: not null } ? " and " : "")}{(options.Max is { } max ? $"at most {max}" : "")} {Unit}.";

    private string Unit => options.Unit.ToString().ToLowerInvariant();

    public override IPrefixJudge? JudgePrefix(ValidationContext context) => options.Max is null ? null : new TextPrefixJudge(() => new Watch(this));

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        var counter = new TextCounter(options.Unit);
        counter.Add(choice.Text);
        if (counter.Count > options.Max) return Ruling.Wrong(TooLong());
        return counter.Count < options.Min && !OnlyCalls(choice, context.Request) ? Ruling.Wrong(new Finding($"The answer must have at least {options.Min} {Unit}; it has {counter.Count}.")) : Ruling.Fine;
    }

    private Finding TooLong() => new($"The answer must have at most {options.Max} {Unit}; it is longer.");

    private sealed class Watch(LengthValidator validator) : ITextWatch
    {
        private readonly TextCounter counter = new(validator.options.Unit);

        public Finding? See(string text)
        {
            counter.Add(text);
            return counter.Count > validator.options.Max ? validator.TooLong() : null;
        }
    }
}

/// <summary>Counts characters (Unicode code points), words or lines of a text that comes in pieces. The count never falls.</summary>
internal sealed class TextCounter(LengthUnit unit)
{
    private bool isWithin;

    /// <summary>The count so far.</summary>
    public int Count { get; private set; }

    /// <summary>Counts on.</summary>
    public void Add(string text)
    {
        foreach (char c in text)
        {
            bool counts = unit switch
            {
                LengthUnit.Characters => !char.IsLowSurrogate(c),
                LengthUnit.Words => !char.IsWhiteSpace(c) && !isWithin,
                _ => c != '\n' && !isWithin,
            };
            isWithin = unit == LengthUnit.Words ? !char.IsWhiteSpace(c) : c != '\n';
            if (counts) Count++;
        }
    }
}
