using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Running;

/// <summary>Takes one draft: keeps its events back, shows them to the prefix judges, and stops the attempt as soon as one condemns it.</summary>
internal sealed class DraftTaker(CappedAttempter attempter, RequestTrace trace, Gate gate, TimeProvider time)
{
    /// <summary>What an overrun of a stage's output cap is recorded as.</summary>
    public const string OutputCap = "max_output_tokens";

    // A bound on what one draft may hold in memory, in UTF-16 units; far above any model's output.
    private const long MaxDraftCharacters = 32 * 1024 * 1024;

    /// <summary>The problem of the last attempt that failed.</summary>
    public Problem? LastProblem { get; private set; }

    /// <summary>The draft, condemned or not yet judged; <c>null</c> where the attempt failed.</summary>
    /// <param name="attempt">What to ask.</param>
    /// <param name="ownCap">The stage's own output cap, whose overrun is a rejection.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Judged?> TakeAsync(AttemptRequest attempt, int? ownCap, CancellationToken cancellationToken)
    {
        int before = trace.AttemptCount;
        long start = time.GetTimestamp();
        var watch = gate.Watch();
        var builder = new AnswerBuilder();
        var events = new List<ChatEvent>();
        long characters = 0;
        (string Validator, Finding Finding)? condemned = null;
        int choice = 0;

        await foreach (var chatEvent in attempter.AttemptAsync(Prepare(attempt, watch), trace, cancellationToken))
        {
            if (chatEvent is AttemptFailed failed)
            {
                LastProblem = failed.Problem;
                return null;
            }

            events.Add(chatEvent);
            builder.Add(chatEvent);
            characters += Characters(chatEvent);
            condemned = characters > MaxDraftCharacters ? (OutputCap, new Finding("The answer is too long.")) : watch.See(chatEvent);
            choice = ChoiceOf(chatEvent);
            if (condemned is not null) break;
        }

        var record = trace.LastAttempt is { } last && last.Number > before ? last : throw new InvalidOperationException("An attempter answered without opening an attempt.");
        var judged = new Judged(new Draft(builder.Build(), record), events, IsWhole: condemned is null);
        return condemned is { } cut ? CutOff(judged with { Choice = choice }, cut.Validator, cut.Finding, time.GetElapsedTime(start)) : UnderCap(judged, ownCap);
    }

    private AttemptRequest Prepare(AttemptRequest attempt, PrefixWatch watch)
    {
        // A draft can only be cut off while it streams.
        var request = attempt.Request with { Stream = attempt.Request.Stream || watch.IsWatched };
        if (gate.TopLogprobs is { } top) request = request with { Logprobs = true, TopLogprobs = top > (request.TopLogprobs ?? 0) ? top : request.TopLogprobs };
        return attempt with { Request = request };
    }

    private Judged CutOff(Judged judged, string validator, Finding finding, TimeSpan duration)
    {
        judged.Draft.Attempt.Status = AttemptStatus.CutOff;
        gate.Record(judged.Draft, validator, Verdict.Reject(finding), duration, onPrefix: true);
        return judged.Reject(finding);
    }

    private Judged UnderCap(Judged judged, int? ownCap)
    {
        var answer = judged.Draft.Answer;
        if (answer.Choices.FirstOrDefault(choice => choice is { FinishReason: FinishReason.Length, Text.Length: 0, ToolCalls.Count: 0, Reasoning.Count: > 0 }) is { } empty)
            return Overrun(judged with { Choice = empty.Index }, "The answer is empty: all of its output was spent on thinking. Think less.");
        if (ownCap is not { } cap) return judged;
        var cut = answer.Choices.FirstOrDefault(choice => choice.FinishReason is FinishReason.Length);
        if (cut is null && !(answer.Usage?.OutputTokens > (long)cap * Math.Max(1, answer.Choices.Count))) return judged;
        return Overrun(judged with { Choice = cut?.Index ?? 0 }, $"The answer ran over {cap} output tokens: it must be shorter.");
    }

    private Judged Overrun(Judged judged, string message)
    {
        var finding = new Finding(message);
        gate.Record(judged.Draft, OutputCap, Verdict.Reject(finding), TimeSpan.Zero, onPrefix: false);
        return judged.Reject(finding) with { IsWhole = judged.Draft.Answer.Choices.All(choice => choice.FinishReason is not FinishReason.Length) };
    }

    private static int ChoiceOf(ChatEvent chatEvent) => chatEvent switch
    {
        TextDelta e => e.Choice,
        ReasoningDelta e => e.Choice,
        RefusalDelta e => e.Choice,
        ToolCallDelta e => e.Choice,
        ParserFinding e => e.Choice,
        ChoiceFinished e => e.Choice,
        _ => 0,
    };

    private static int Characters(ChatEvent chatEvent) => chatEvent switch
    {
        TextDelta e => e.Text.Length,
        ReasoningDelta e => e.Text.Length + (e.Redacted?.Length ?? 0),
        RefusalDelta e => e.Text.Length,
        ToolCallDelta e => e.Arguments.Length,
        WireFrames => throw new InvalidOperationException("A draft that is judged is never passed through."),
        _ => 0,
    };
}
