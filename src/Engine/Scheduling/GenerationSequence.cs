using Countersign.Engine.Models;
using Countersign.Engine.Sampling;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Scheduling;

/// <summary>One answer in the making.</summary>
internal sealed class GenerationSequence : Sequence
{
    private const int ScoredRun = 32; // The logits of every row of such a run are held at once.

    private readonly GenerationSubmission submission;
    private readonly GenerationRequest request;
    private readonly Tokenizer tokenizer;
    private readonly TextStream text;
    private readonly List<ScoredToken?>? promptLogprobs;
    private readonly int choice;
    private readonly int limit;
    private readonly PromptLookup lookup = new();
    private GuessPace? pace;
    private int generated;
    private int reused;

    public GenerationSequence(GenerationSubmission submission, TokenChooser chooser, Tokenizer tokenizer, StopStrings? stops, int choice, int limit)
        : base(submission, submission.Request.Prompt.Count + limit)
    {
        (this.submission, this.tokenizer, this.choice, this.limit) = (submission, tokenizer, choice, limit);
        (request, Chooser) = (submission.Request, chooser);
        text = new TextStream(stops);
        Append(request.Prompt);
        if (request.PromptLogprobs && choice == 0) promptLogprobs = [null];
    }

    /// <summary>Chooses its tokens.</summary>
    public TokenChooser Chooser { get; }

    /// <summary>What a draft model remembers of it; null without one.</summary>
    public AnswerDraft? Draft { get; init; }

    /// <summary>Whether guesses are looked for in what is there already.</summary>
    public bool LooksBack { get; init; }

    /// <summary>Whether the next step computes one token of the answer, so that guesses can be computed along with it.</summary>
    public bool MayGuess => generated > 0 && PendingTokens.Length == 1;

    /// <summary>How many tokens may be guessed: the step gives one more.</summary>
    public int Room => limit - generated - 1;

    public override int LargestRun => ScoresPrompt ? ScoredRun : int.MaxValue;

    public override int FirstOutput => ScoresPrompt ? promptLogprobs!.Count - 1 : Count - 1;

    public override bool WaitsForSibling => choice > 0 && !submission.PromptReady;

    public override bool MayReuse => promptLogprobs is null;

    public override void Reused(int count)
    {
        if (choice == 0 && generated == 0) reused = count;
    }

    public override void Receive(Transformer model, BatchRun run, int firstOutput)
    {
        int end = run.Position + run.Count, output = firstOutput + Count - 1 - Math.Max(run.Position, FirstOutput);
        LastGuess = default;
        if (ScoresPrompt) ScorePrompt(model, run, firstOutput);
        if (end < Count) return;
        if (choice == 0 && !submission.PromptReady)
        {
            submission.PromptReady = true;
            submission.Write(new PromptEvaluated(Count, reused, promptLogprobs));
        }

        if (limit == 0) Finish(FinishReason.Length);
        else ChooseAlong(model, output, guessed: end - Count);
    }

    public override int Guess(int most)
    {
        if (Draft is { Count: > 0 } draft)
        {
            pace = draft.Pace;
            return Math.Min(draft.Count, most);
        }

        pace = lookup.Pace;
        var (start, count) = LooksBack ? lookup.Guess(Tokens, Math.Min(most, Room)) : (0, 0);
        CopyBehind(start, count);
        return count;
    }

    /// <summary>Whether a token would be the answer's last.</summary>
    public bool Ends(int token) => tokenizer.IsEndOfGeneration(token) && !request.IgnoreEndOfGeneration;

    public override void Suspend()
    {
        base.Suspend();
        Draft?.Dispose();
    }

    /// <summary>Chooses tokens as long as the guessed ones, whose logits are here too, are those that are chosen.</summary>
    private void ChooseAlong(Transformer model, int output, int guessed)
    {
        int known = Count, held = 0;
        while (true)
        {
            int guess = held < guessed ? TokenAt(known + held) : -1;
            Choose(model.Logits(output + held));
            if (IsFinished || guess < 0 || Tokens[^1] != guess) break;
            held++;
        }

        Draft?.Keep(known + held);
        LastGuess = (guessed, held);
        if (guessed == 0) return;
        State!.Truncate(known + held);
        pace!.Learn(guessed, held);
    }

    private bool ScoresPrompt => promptLogprobs is not null && promptLogprobs.Count < request.Prompt.Count;

    private void ScorePrompt(Transformer model, BatchRun run, int firstOutput)
    {
        int begin = Math.Max(run.Position, FirstOutput), end = Math.Min(run.Position + run.Count, request.Prompt.Count - 1);
        for (int position = begin; position < end; position++) promptLogprobs!.Add(Score(model.Logits(firstOutput + position - begin), request.Prompt[position + 1]));
    }

    private void Choose(ReadOnlySpan<float> logits)
    {
        int token = Chooser.Draw(logits);
        ScoredToken? score = request.TopLogprobs is null ? null : Score(logits, token);
        generated++;
        if (Ends(token))
        {
            Finish(FinishReason.EndOfGeneration);
            return;
        }

        Append(token);
        Chooser.Accept(token);
        ReadOnlySpan<char> free = text.Append(tokenizer.TokenBytes(token, request.IncludeSpecialTokens));
        submission.Write(new TextGenerated(choice, free.ToString(), token, score));
        if (text.Stopped) Finish(FinishReason.StopSequence);
        else if (Chooser.IsOver) Finish(FinishReason.EndOfGeneration);
        else if (generated == limit) Finish(FinishReason.Length);
    }

    private ScoredToken Score(ReadOnlySpan<float> logits, int token)
    {
        var top = new TokenLogprob[Math.Min(request.TopLogprobs ?? 0, logits.Length)];
        return new ScoredToken(token, TokenLogprobs.Read(logits, token, top), top);
    }

    private void Finish(FinishReason reason)
    {
        IsFinished = true;
        ReadOnlySpan<char> rest = text.Finish();
        if (rest.Length > 0) submission.Write(new TextGenerated(choice, rest.ToString(), null, null));
        submission.Write(new ChoiceFinished(choice, reason, text.StopString, generated));
    }
}
