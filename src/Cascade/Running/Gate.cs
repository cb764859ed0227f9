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
        foreach (var validator in validators)
        {
            if (!judged.Passed) break;
            if (validator.Cost < from || validator.Cost > to || !validator.Judges(judged.Draft, context)) continue;
            judged = await PutBeforeAsync(validator, judged, cancellationToken);
        }

        return judged;
    }

    /// <summary>Records a verdict.</summary>
    public void Record(Draft draft, string validator, Verdict verdict, TimeSpan duration, bool onPrefix) =>
        context.Trace.Add(new VerdictRecord(draft.Attempt.Number, validator, verdict, duration, onPrefix));

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
            IReadOnlyList<Finding> wrong = said.Kind is VerdictKind.Reject ? said.Findings : [];
            return judged.Reject(wrong) with { Choice = verdicts.Choice, Score = said.Score ?? judged.Score };
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

    private static Judged Pass(Judged judged, Verdict verdict)
    {
        if (verdict.Mended is { } mended)
        {
            // The log-probabilities were of other tokens.
            mended = mended with { Choices = [.. mended.Choices.Select(choice => choice with { Logprobs = null })] };
            judged = judged with { Draft = judged.Draft with { Answer = mended }, Events = [.. AnswerEvents.Of(mended)] };
        }

        return judged with { Accepts = judged.Accepts + (verdict.Kind is VerdictKind.Accept ? 1 : 0), Score = verdict.Score ?? judged.Score };
    }

    private IEnumerable<(string Name, IPrefixJudge Judge)> Watching()
    {
        foreach (var validator in validators)
        {
            if (validator.JudgePrefix(context) is { } judge) yield return (validator.Name, judge);
        }
    }
}
