using System.Text;
using Countersign.Engine;
using Countersign.Gateway.Providers.Http;
using Countersign.Gateway.Providers.Raw;
using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>Turns what the engine generates into an answer's events, and counts. Before each event the count so far goes into the attempt's record,
/// so that a call that is given up is billed for what was computed.</summary>
/// <param name="engine">The model.</param>
/// <param name="raw">Tells text, reasoning and tool calls apart.</param>
internal sealed class GeneratedAnswer(EngineModel engine, RawAnswer raw)
{
    private readonly Dictionary<int, long> outputTokens = [];
    private PromptEvaluated? prompt;
    private long reasoningTokens;

    /// <summary>What has been used so far; <c>null</c> before the prompt is computed. Tokens of reasoning are those between its marks.</summary>
    public Usage? Used => prompt is null ? null : new Usage { InputTokens = prompt.PromptTokens, CachedInputTokens = prompt.CachedTokens, OutputTokens = outputTokens.Values.Sum(), ReasoningTokens = raw.TellsThoughts ? reasoningTokens : null };

    /// <summary>The events that one of the engine's makes.</summary>
    public IEnumerable<ChatEvent> EventsOf(GenerationEvent happened)
    {
        Count(happened);
        var read = happened is TextGenerated text ? Read(text) : [];
        yield return new WireFacts([new UsageReported(Used!)]);
        switch (happened)
        {
            case TextGenerated generated:
                foreach (var delta in read) yield return delta;
                if (generated.Logprob is { } score) yield return new LogprobsDelta(generated.Choice, [Scored(score)]);
                break;
            case Countersign.Engine.ChoiceFinished finished:
                foreach (var last in raw.Finish(finished.Choice, ReasonOf(finished.Reason), finished.StopSequence)) yield return last;
                break;
        }
    }

    private IReadOnlyList<ChatEvent> Read(TextGenerated generated)
    {
        bool began = raw.IsInThought(generated.Choice);
        var read = raw.Add(generated.Choice, generated.Text);
        if (generated.Token is not null && began && raw.IsInThought(generated.Choice)) reasoningTokens++;
        return read;
    }

    private void Count(GenerationEvent happened)
    {
        switch (happened)
        {
            case PromptEvaluated evaluated: prompt = evaluated; break;
            case TextGenerated { Token: not null } generated: outputTokens[generated.Choice] = outputTokens.GetValueOrDefault(generated.Choice) + 1; break;
            case Countersign.Engine.ChoiceFinished finished: outputTokens[finished.Choice] = finished.OutputTokens; break;
        }
    }

    private TokenLogprob Scored(ScoredToken score) =>
        new(TextOf(score.Id), score.Logprob, [.. score.Top.Select(token => new TokenLogprob(TextOf(token.Id), token.Logprob))]);

    private string TextOf(int token) => Encoding.UTF8.GetString(engine.TokenBytes(token, includeSpecial: true));

    /// <summary>Why an answer ended, in our words.</summary>
    public static Protocol.Chat.FinishReason ReasonOf(Countersign.Engine.FinishReason reason) =>
        reason == Countersign.Engine.FinishReason.Length ? Protocol.Chat.FinishReason.Length : Protocol.Chat.FinishReason.Stop;
}
