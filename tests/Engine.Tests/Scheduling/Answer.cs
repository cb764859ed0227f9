namespace Countersign.Engine.Tests.Scheduling;

/// <summary>Everything that came of one request.</summary>
internal sealed class Answer
{
    public PromptEvaluated? Prompt { get; private set; }

    public List<TextGenerated> Texts { get; } = [];

    public List<ChoiceFinished> Finished { get; } = [];

    /// <summary>The tokens of a choice.</summary>
    public int[] Tokens(int choice = 0) => [.. Texts.Where(text => text.Choice == choice && text.Token is not null).Select(static text => text.Token!.Value)];

    public string Text(int choice = 0) => string.Concat(Texts.Where(text => text.Choice == choice).Select(static text => text.Text));

    /// <summary>Tokens and bits of the log-probabilities: what must not depend on anything but the request.</summary>
    public string Exact() => string.Join(' ', Texts.OrderBy(static text => text.Choice).Select(static text => $"{text.Token}:{text.Text}:{(text.Logprob is null ? 0 : BitConverter.SingleToInt32Bits(text.Logprob.Logprob))}"))
        + string.Join(' ', Finished.OrderBy(static finished => finished.Choice));

    public static async Task<Answer> Of(EngineModel model, GenerationRequest request, CancellationToken cancellationToken = default)
    {
        var answer = new Answer();
        await foreach (GenerationEvent happened in model.GenerateAsync(request, cancellationToken))
        {
            if (happened is PromptEvaluated prompt) answer.Prompt = prompt;
            else if (happened is TextGenerated text) answer.Texts.Add(text);
            else if (happened is ChoiceFinished finished) answer.Finished.Add(finished);
        }

        return answer;
    }

    public static async Task<EngineErrorKind> ErrorOf(EngineModel model, GenerationRequest request) =>
        (await Assert.ThrowsAsync<EngineException>(() => Of(model, request))).Kind;
}
