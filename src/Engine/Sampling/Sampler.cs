namespace Countersign.Engine.Sampling;

/// <summary>Chooses the tokens of one sequence. Not for several threads at once; nothing is allocated per token.</summary>
internal sealed class Sampler
{
    private readonly SamplingOptions _options;
    private readonly Candidates _candidates;
    private readonly TokenHistory? _history;
    private readonly (int Id, float Bias)[] _bias;
    private SequenceRandom _random;

    /// <param name="options">Checked here.</param>
    /// <param name="candidates">Work space for this vocabulary; may be shared by samplers that take turns.</param>
    /// <param name="choice">Which of a request's <c>n</c> answers this is: each has its own random numbers.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Sampler(SamplingOptions options, Candidates candidates, int choice = 0)
    {
        options.Validate(candidates.VocabularySize);
        _options = options;
        _candidates = candidates;
        _history = options.HasPenalties ? new TokenHistory(options.PenaltyLastN) : null;
        _bias = [.. options.LogitBias.Select(pair => (pair.Key, pair.Value))];
        _random = new SequenceRandom(options.Seed, (ulong)choice);
    }

    /// <summary>Counts a token of the prompt, or one that was picked, for the penalties.</summary>
    public void Accept(int id) => _history?.Add(id);

    /// <summary>The next token.</summary>
    /// <param name="logits">One per token of the vocabulary; not changed.</param>
    /// <param name="mask">What a grammar allows, or nothing.</param>
    /// <exception cref="InvalidDataException">The logits are not numbers, or no token is allowed.</exception>
    public int Pick(ReadOnlySpan<float> logits, TokenMask? mask = null)
    {
        ReadOnlySpan<float> adjusted = Adjust(logits);
        if (_options.Temperature == 0) return Candidates.Best(adjusted, mask);
        Narrow(adjusted, mask);
        return _candidates.Draw(_options.Temperature, _random.NextDouble());
    }

    /// <summary>Goes on from where another sampler of the same request stands: with its random numbers and its history.</summary>
    public void Follow(Sampler other)
    {
        _random = other._random;
        if (other._history is { } history) _history!.Follow(history);
    }

    private ReadOnlySpan<float> Adjust(ReadOnlySpan<float> logits)
    {
        if (_bias.Length == 0 && _history is null) return logits;
        Span<float> copy = _candidates.CopyOf(logits);
        foreach ((int id, float bias) in _bias) copy[id] += bias;
        _history?.Penalise(copy, _options);
        return copy;
    }

    private void Narrow(ReadOnlySpan<float> logits, TokenMask? mask)
    {
        _candidates.Fill(logits, mask, _options.Temperature);
        _candidates.KeepTopK(_options.TopK);
        _candidates.KeepTypical(_options.TypicalP);
        _candidates.KeepTopP(_options.TopP);
        _candidates.KeepMinP(_options.MinP);
    }
}
