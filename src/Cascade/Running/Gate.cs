using Countersign.Cascade.Attempts;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>Puts drafts before a route's validators, cheapest first, until one rejects. Every choice of a draft is put before each (<see cref="ChoiceVerdicts"/>).</summary>
internal sealed class Gate(ValidationContext context, CappedAttempter caps)
{
    private readonly IValidator[] validators = [.. context.Route.Validators.OrderBy(validator => validator.Cost)];

    /// <summary>The log-probabilities that drafts need, as <see cref="IValidator.TopLogprobs"/> says.</summary>
    public int? TopLogprobs => validators.Max(validator => validator.TopLogprobs);

    /// <summary>Judges for one draft on its way.</summary>
    public PrefixWatch Watch() => new([.. Watching()]);

    /// <summary>Judges a draft by the validators from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public async Task<Judged> JudgeAsync(Judged judged, ValidatorCost from, ValidatorCost to, CancellationToken cancellationToken)
    {
        // A verdict may take long: not on the thread that brought the draft's last bytes, which has other sockets to serve.
        if (validators.Length > 0) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        foreach (var (index, validator) in validators.Index())
        {
            if (validator.Cost < from || validator.Cost > to || !IsAsked(validator, judged)) continue;
            var before = judged.Draft;
            judged = await PutBeforeAsync(validator, judged, cancellationToken);
            if (ReferenceEquals(judged.Draft, before)) continue;
            foreach (var earlier in validators.Take(index).Where(earlier => earlier.Withholds)) judged = await PutBeforeAsync(earlier, judged, cancellationToken);
        }

        return judged;
    }

    /// <summary>Records a verdict.</summary>
    public void Record(Draft draft, string validator, Verdict verdict, TimeSpan duration, bool onPrefix) =>
        context.Trace.Add(new VerdictRecord(draft.Attempt.Number, validator, verdict, duration, onPrefix));

    // A rejected draft may still go out where none passes: it is shown to those who would keep it back.
    private bool IsAsked(IValidator validator, Judged judged) => (judged.Passed || (validator.Withholds && judged.IsWhole)) && validator.Judges(judged.Draft, context);

    private async Task<Judged> PutBeforeAsync(IValidator validator, Judged judged, CancellationToken cancellationToken)
    {
        long start = context.Time.GetTimestamp();
        var verdicts = new ChoiceVerdicts(judged.Draft);
        foreach (var draft in verdicts.Drafts)
        {
            var said = await AskAsync(validator, draft, cancellationToken);
            verdicts.Add(said);
            if (Meaning(said) is VerdictKind.Accept) continue;
            Record(judged.Draft, validator.Name, verdicts.Together(), context.Time.GetElapsedTime(start), onPrefix: false);
            return Fail(judged, validator, said, verdicts.Choice);
        }

        var verdict = verdicts.Together();
        Record(judged.Draft, validator.Name, verdict, context.Time.GetElapsedTime(start), onPrefix: false);
        return Pass(judged, verdict);
    }

    private async Task<Verdict> AskAsync(IValidator validator, Draft draft, CancellationToken cancellationToken)
    {
        try
        {
            return await validator.JudgeAsync(draft, context, cancellationToken);
        }
        catch (Exception exception) when (!caps.IsCallerGone)
        {
            // The verdict law: a validator that broke could not run. Its message may quote the draft, so only its kind is kept.
            return Verdict.Unknown(caps.IsLate ? $"The route's deadline passed while {validator.Name} ran." : $"{validator.Name} broke ({exception.GetType().Name}).");
        }
    }

    private VerdictKind Meaning(Verdict verdict) => verdict.Kind is VerdictKind.Unknown ? context.Route.UnknownMeans : verdict.Kind;

    // A repair is told what the first check found, and what others found in the same choice.
    private static Judged Fail(Judged judged, IValidator validator, Verdict said, int choice)
    {
        IReadOnlyList<Finding> wrong = said.Kind is VerdictKind.Reject ? said.Findings : [];
        if (judged.Passed) judged = judged.Reject(wrong) with { Choice = choice, Score = said.Score ?? judged.Score };
        else if (judged.Findings.Count > 0 && judged.Choice == choice) judged = judged.Reject([.. judged.Findings, .. wrong]);
        return judged with { IsWithheld = judged.IsWithheld || validator.Withholds };
    }

    private static Judged Pass(Judged judged, Verdict verdict)
    {
        if (verdict.Mended is { } mended)
        {
            // Log-probabilities tell a validator how sure the model was of what it wrote; beside a text that it did not write they would tell a client nothing true.
            var sent = mended with { Choices = [.. mended.Choices.Select(choice => choice with { Logprobs = null })] };
            judged = judged with { Draft = judged.Draft with { Answer = mended }, Events = [.. AnswerEvents.Of(sent)] };
        }

        return judged with { Accepts = judged.Accepts + (verdict.Kind is VerdictKind.Accept ? 1 : 0), Score = verdict.Score ?? judged.Score };
    }

    private IEnumerable<Watcher> Watching()
    {
        bool isMended = false;
        foreach (var validator in validators)
        {
            if (validator.JudgePrefix(context) is { } judge) yield return new Watcher(validator.Name, judge, isMended);
            isMended |= validator.Mends;
        }
    }
}
