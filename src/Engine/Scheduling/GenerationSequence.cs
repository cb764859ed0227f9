using Countersign.Engine.Models;
using Countersign.Engine.Sampling;
using Countersign.Engine.Sampling.Grammar;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Scheduling;

/// <summary>One answer in the making.</summary>
internal sealed class GenerationSequence : Sequence
{
    private const int ScoredRun = 32; // The logits of every row of such a run are held at once.

    private readonly GenerationSubmission submission;
    private readonly GenerationRequest request;
    private readonly Tokenizer tokenizer;
    private readonly Sampler sampler;
    private readonly TextStream text;
    private readonly LateGrammar? grammar;
    private readonly List<ScoredToken?>? promptLogprobs;
    private readonly int choice;
    private readonly int limit;
    private readonly PromptLookup lookup = new();
    private int generated;
    private int reused;

    public GenerationSequence(GenerationSubmission submission, Tokenizer tokenizer, Candidates candidates, StopStrings? stops, GrammarMasks? masks, int choice, int limit)
        : base(submission, submission.Request.Prompt.Count + limit)
    {
        (this.submission, this.tokenizer, this.choice, this.limit) = (submission, tokenizer, choice, limit);
        request = submission.Request;
        sampler = new Sampler(request.Sampling, candidates, choice);
        text = new TextStream(stops);
        grammar = masks is null ? null : new LateGrammar(new GrammarMatcher(masks), request.GrammarAfter, request.GrammarWaitsIf);
        Append(request.Prompt);
        foreach (int token in request.Prompt) sampler.Accept(token);
        if (request.PromptLogprobs && choice == 0) promptLogprobs = [null];
    }

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
        var (start, count) = lookup.Guess(Tokens, Math.Min(most, limit - generated - 1));
        CopyBehind(start, count);
        return count;
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

        if (guessed == 0) return;
        State!.Truncate(known + held);
        lookup.Learn(guessed, held);
    }

    private bool ScoresPrompt => promptLogprobs is not null && promptLogprobs.Count < request.Prompt.Count;

    private void ScorePrompt(Transformer model, BatchRun run, int firstOutput)
    {
        int begin = Math.Max(run.Position, FirstOutput), end = Math.Min(run.Position + run.Count, request.Prompt.Count - 1);
        for (int position = begin; position < end; position++) promptLogprobs!.Add(Score(model.Logits(firstOutput + position - begin), request.Prompt[position + 1]));
    }

    private void Choose(ReadOnlySpan<float> logits)
    {
        int token = Draw(logits);
        ScoredToken? score = request.TopLogprobs is null ? null : Score(logits, token);
        generated++;
        if (tokenizer.IsEndOfGeneration(token) && !request.IgnoreEndOfGeneration)
        {
            Finish(FinishReason.EndOfGeneration);
            return;
        }

        Append(token);
        sampler.Accept(token);
        ReadOnlySpan<char> free = text.Append(tokenizer.TokenBytes(token, request.IncludeSpecialTokens));
        submission.Write(new TextGenerated(choice, free.ToString(), token, score));
        if (grammar is not null && !tokenizer.IsEndOfGeneration(token)) grammar.Accept(tokenizer.TokenBytes(token, grammar.IsWaiting));
        if (text.Stopped) Finish(FinishReason.StopSequence);
        else if (grammar is { IsOver: true }) Finish(FinishReason.EndOfGeneration);
        else if (generated == limit) Finish(FinishReason.Length);
    }

    /// <summary>The next token. Where the first decides whether the grammar waits, it is drawn freely, and drawn again where the grammar does not.</summary>
    private int Draw(ReadOnlySpan<float> logits)
    {
        if (grammar is not { IsUndecided: true }) return sampler.Pick(logits, grammar?.Mask());
        int free = sampler.Pick(logits);
        return grammar.Decide(tokenizer.TokenBytes(free, special: true)) ? free : sampler.Pick(logits, grammar.Mask());
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
