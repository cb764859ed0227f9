using Countersign.Engine.Cache;
using Countersign.Engine.Models;

namespace Countersign.Engine.Scheduling;

/// <summary>A draft model at work: before a step of the model it guesses how the answers in the making go on (speculative decoding, Leviathan et al. 2023).
/// Its guesses are drawn as the answer's own tokens will be, with the same options and the same random numbers, so that they hold where the two models agree.
/// The scheduler's thread uses it.</summary>
/// <param name="model">The draft model.</param>
/// <param name="cache">Its own.</param>
/// <param name="vocabulary">Tokens that the model gives logits for; the draft model may have a few more or less of them at the end.</param>
internal sealed class Drafter(Transformer model, KvCache cache, int vocabulary)
{
    /// <summary>Most answers that are drafted at a time: with more of them, the rows of a step cost as much as the answers that they stand for.</summary>
    public const int MostAnswers = 2;

    private readonly PrefixCache prefixes = new(cache);
    private readonly StepBatch batch = new(model.MaxRows);
    private readonly List<(GenerationSequence Answer, AnswerDraft Draft)> guessing = [];
    private readonly float[] padded = new float[model.Vocabulary < vocabulary ? vocabulary : 0];

    /// <summary>Has guesses made for the answers in the making.</summary>
    public void Guess(List<Sequence> active)
    {
        if (active.Count > MostAnswers) return;
        batch.Clear();
        guessing.Clear();
        foreach (Sequence sequence in active)
        {
            if (sequence is GenerationSequence { Draft: { HasGivenUp: false } draft } answer) Begin(answer, draft);
        }

        if (batch.Count == 0) return;
        model.Forward(batch);
        foreach (var (answer, draft) in guessing) prefixes.Share(draft.State!, answer.Tokens);
        GoOn();
        while (batch.Count > 0)
        {
            model.Forward(batch);
            GoOn();
        }
    }

    /// <summary>Computes what the draft model has not seen of an answer, a piece at a time. Its first guess comes of the last piece.</summary>
    private void Begin(GenerationSequence answer, AnswerDraft draft)
    {
        draft.Keep(answer.Count);
        draft.Wanted = answer.MayGuess ? draft.Pace.Next(Math.Min(answer.Room, model.Shape.ContextLength - answer.Count)) : 0;
        if (draft.Wanted == 0) return;
        SequenceState state = draft.State ??= StateOf(answer);
        int pending = answer.Count - state.Length, count = Math.Min(pending, batch.Capacity / MostAnswers);
        if (answer.Tokens[state.Length..].ContainsAnyExceptInRange(0, model.Vocabulary - 1))
        {
            draft.GiveUp(); // The draft model has no such token.
            return;
        }

        if (!prefixes.TryReserve(state, count)) return;
        batch.Add(state, answer.Tokens.Slice(state.Length, count));
        if (count < pending) return;
        draft.Chooser.Follow(answer.Chooser);
        batch.OutputRows.Add(batch.Count - 1);
        guessing.Add((answer, draft));
    }

    private SequenceState StateOf(GenerationSequence answer)
    {
        var state = new SequenceState(cache, model.Shape.Layers.Length);
        prefixes.Adopt(state, answer.Tokens);
        return state;
    }

    /// <summary>Takes a token for each guess, and plans the next step of those that are not complete.</summary>
    private void GoOn()
    {
        batch.Clear();
        int open = 0;
        for (int i = 0; i < guessing.Count; i++)
        {
            if (Add(guessing[i].Answer, guessing[i].Draft, Logits(i))) guessing[open++] = guessing[i];
        }

        guessing.RemoveRange(open, guessing.Count - open);
    }

    private bool Add(GenerationSequence answer, AnswerDraft draft, ReadOnlySpan<float> logits)
    {
        if (draft.Next(logits) is not { } token || answer.Ends(token)) return false;
        answer.PutGuess(draft.Count++, token);
        if (draft.IsComplete || !prefixes.TryReserve(draft.State!, 1)) return false;
        batch.Add(draft.State!, [token]);
        batch.OutputRows.Add(batch.Count - 1);
        return true;
    }

    private ReadOnlySpan<float> Logits(int output)
    {
        ReadOnlySpan<float> own = model.Logits(output);
        if (padded.Length == 0) return own[..vocabulary];
        own.CopyTo(padded);
        padded.AsSpan(own.Length).Fill(float.NegativeInfinity);
        return padded;
    }
}
