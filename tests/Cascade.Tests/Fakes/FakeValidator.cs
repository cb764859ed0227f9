using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Fakes;

/// <summary>A validator that does as it is told.</summary>
internal sealed class FakeValidator(Func<Draft, Verdict> judge, string name = "fake", ValidatorCost cost = ValidatorCost.Free) : IValidator
{
    public string Name => name;

    public string Description => "For tests.";

    public ValidatorCost Cost => cost;

    public int? TopLogprobs { get; init; }

    public bool Mends { get; init; }

    public bool Withholds { get; init; }

    public int Calls { get; private set; }

    public Func<ChatEvent, Finding?>? Prefix { get; init; }

    /// <summary>Accepts drafts whose text contains <paramref name="word"/>.</summary>
    public static FakeValidator Wants(string word, ValidatorCost cost = ValidatorCost.Free) => new(
        draft => draft.Answer.Text.Contains(word, StringComparison.Ordinal) ? Verdict.Accept : Verdict.Reject(new Finding($"The word '{word}' is missing.", "/text")), $"wants_{word}", cost);

    /// <summary>Rejects drafts with <paramref name="word"/>, as soon as it shows.</summary>
    public static FakeValidator Forbids(string word) => new(
        draft => draft.Answer.Text.Contains(word, StringComparison.Ordinal) ? Verdict.Reject(new Finding("A forbidden word.")) : Verdict.Accept, "forbids")
    {
        Prefix = chatEvent => chatEvent is TextDelta delta && delta.Text.Contains(word, StringComparison.Ordinal) ? new Finding("A forbidden word.") : null,
    };

    public ValueTask<Verdict> JudgeAsync(Draft draft, ValidationContext context, CancellationToken cancellationToken)
    {
        Calls++;
        return ValueTask.FromResult(judge(draft));
    }

    public IPrefixJudge? JudgePrefix(ValidationContext context) => Prefix is null ? null : new Judge(Prefix);

    private sealed class Judge(Func<ChatEvent, Finding?> see) : IPrefixJudge
    {
        public Finding? See(ChatEvent chatEvent) => see(chatEvent);
    }
}
