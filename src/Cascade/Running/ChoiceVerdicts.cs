using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>What one validator says of a draft. Each choice is judged as a draft of its own, so that no validator can overlook one; the draft is accepted only where every choice is.</summary>
internal sealed class ChoiceVerdicts(Draft draft)
{
    private readonly List<Verdict> verdicts = [];

    /// <summary>The draft's choices in order, each as a draft of its own; a draft without any is judged as it is.</summary>
    public IEnumerable<Draft> Drafts => draft.Answer.Choices.Count < 2 ? [draft] : draft.Answer.Choices.Select(choice => draft with { Answer = draft.Answer with { Choices = [choice] } });

    /// <summary>The index of the choice that was judged last.</summary>
    public int Choice => draft.Answer.Choices.Count == 0 ? 0 : draft.Answer.Choices[verdicts.Count - 1].Index;

    /// <summary>Takes the verdict on the next choice.</summary>
    public void Add(Verdict verdict) => verdicts.Add(verdict);

    /// <summary>The verdict on the draft: rejected where a choice is, else unknown where one is. Its score is that of the worst choice.</summary>
    public Verdict Together()
    {
        if (draft.Answer.Choices.Count < 2) return verdicts[0];
        var kind = Has(VerdictKind.Reject) ? VerdictKind.Reject : Has(VerdictKind.Unknown) ? VerdictKind.Unknown : VerdictKind.Accept;
        double? score = verdicts.TrueForAll(verdict => verdict.Score is not null) ? verdicts.Min(verdict => verdict.Score) : null;
        var decisive = verdicts.Index().Where(said => said.Item.Kind == kind);
        return new Verdict(kind, [.. decisive.SelectMany(said => said.Item.Findings.Select(finding => Placed(finding, said.Index)))], score, Mended());
    }

    private bool Has(VerdictKind kind) => verdicts.Exists(verdict => verdict.Kind == kind);

    private ChatAnswer? Mended()
    {
        if (verdicts.TrueForAll(verdict => verdict.Mended is null)) return null;
        return draft.Answer with { Choices = [.. draft.Answer.Choices.Select((choice, at) => at < verdicts.Count && verdicts[at].Mended is { Choices: [var mended, ..] } ? mended : choice)] };
    }

    private static Finding Placed(Finding finding, int choice) => finding with { Where = $"choices[{choice}] {finding.Where}".TrimEnd() };
}
