using Countersign.Engine.Sampling;

namespace Countersign.Engine.Tests.Sampling;

public sealed class SamplerTests
{
    private static readonly float[] s_logits = [1f, 3f, 2f, 3f, -1f, 0f];

    private static HashSet<int> Drawn(SamplingOptions options, float[] logits, TokenMask? mask = null, int draws = 4000)
    {
        var sampler = new Sampler(options, new Candidates(logits.Length));
        return [.. Enumerable.Range(0, draws).Select(_ => sampler.Pick(logits, mask))];
    }

    [Fact]
    public void Pick_TemperatureZero_TakesTheBestAndTheLowestIdOfEquals() =>
        Assert.Equal(1, new Sampler(new() { Temperature = 0 }, new(6)).Pick(s_logits));

    [Fact]
    public void Pick_TopK_DrawsOnlyTheBest() => Assert.Equal([1, 2, 3], Drawn(new() { TopK = 3 }, s_logits).Order());

    [Fact]
    public void Pick_TopP_KeepsTheSmallestSetThatReachesIt()
    {
        float[] logits = [MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.15f), MathF.Log(0.05f)];
        Assert.Equal([0, 1], Drawn(new() { TopP = 0.75f }, logits).Order());
        Assert.Equal([0, 1, 2], Drawn(new() { TopP = 0.85f }, logits).Order());
        Assert.Equal([0], Drawn(new() { TopP = 0.01f }, logits));
    }

    [Fact]
    public void Pick_MinP_KeepsTokensNearTheBest()
    {
        float[] logits = [MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.15f), MathF.Log(0.05f)];
        Assert.Equal([0, 1, 2], Drawn(new() { MinP = 0.2f }, logits).Order());
    }

    [Fact]
    public void Pick_Typical_MayDropTheMostProbable()
    {
        // Entropy 1.63: the tokens of 0.2 (1.61) are typical, the one of 0.4 (0.92) is not.
        float[] logits = [MathF.Log(0.4f), MathF.Log(0.2f), MathF.Log(0.2f), MathF.Log(0.2f)];
        Assert.Equal([1, 2, 3], Drawn(new() { TypicalP = 0.5f }, logits).Order());
    }

    [Fact]
    public void Pick_FullDistribution_FollowsTheProbabilities()
    {
        float[] p = [0.5f, 0.3f, 0.15f, 0.05f];
        float[] logits = [.. p.Select(x => MathF.Log(x))];
        var sampler = new Sampler(new() { Seed = 3 }, new(4));
        const int Draws = 100_000;
        var counts = new int[4];
        for (int i = 0; i < Draws; i++) counts[sampler.Pick(logits)]++;
        double chiSquare = counts.Zip(p).Sum(pair => Math.Pow(pair.First - Draws * pair.Second, 2) / (Draws * pair.Second));
        Assert.True(chiSquare < 16.3, $"{chiSquare}"); // 0.999 of three degrees of freedom
    }

    [Fact]
    public void Pick_Temperature_SharpensAfterTheFilters()
    {
        float[] logits = [0f, -1f];
        var sampler = new Sampler(new() { Temperature = 0.5f, Seed = 9 }, new(2));
        int first = Enumerable.Range(0, 50_000).Count(_ => sampler.Pick(logits) == 0);
        Assert.InRange(first / 50_000.0, 0.875, 0.886); // 1 / (1 + e^-2) = 0.8808
    }

    [Fact]
    public void Pick_Penalties_FollowCountAndSign()
    {
        var options = new SamplingOptions { Temperature = 0, RepetitionPenalty = 2f, PresencePenalty = 0.5f, FrequencyPenalty = 0.25f, PenaltyLastN = 3 };
        var sampler = new Sampler(options, new(3));
        float[] logits = [2f, 1.2f, -1f];
        Assert.Equal(0, sampler.Pick(logits));
        sampler.Accept(0); // 2 / 2 - 0.25 - 0.5 = 0.25
        Assert.Equal(1, sampler.Pick(logits));
        sampler.Accept(1); // 1.2 / 2 - 0.75 = -0.15
        Assert.Equal(0, sampler.Pick(logits));
        sampler.Accept(1);
        sampler.Accept(1); // token 0 left the window of three
        Assert.Equal(0, sampler.Pick(logits));
    }

    [Fact]
    public void Pick_BiasAndMask_ForbidAndForce()
    {
        Assert.Equal([0, 2, 4, 5], Drawn(new() { LogitBias = new Dictionary<int, float> { [1] = float.NegativeInfinity, [3] = float.NegativeInfinity } }, s_logits).Order());
        var mask = new TokenMask(6);
        mask.Allow(4);
        mask.Allow(5);
        Assert.Equal([4, 5], Drawn(new(), s_logits, mask).Order());
        Assert.Equal(5, new Sampler(new() { Temperature = 0 }, new(6)).Pick(s_logits, mask));
        Assert.Equal(4, new Sampler(new() { Temperature = 0, LogitBias = new Dictionary<int, float> { [4] = 100 } }, new(6)).Pick(s_logits, mask));
    }

    [Fact]
    public void Pick_LogitsThatAreNoNumbersOrNothingAllowed_SaysSo()
    {
        var sampler = new Sampler(new(), new(3));
        Assert.Contains("not numbers", Assert.Throws<InvalidDataException>(() => sampler.Pick([1f, float.NaN, 2f])).Message, StringComparison.Ordinal);
        Assert.Contains("not numbers", Assert.Throws<InvalidDataException>(() => sampler.Pick([1f, float.PositiveInfinity, 2f])).Message, StringComparison.Ordinal);
        Assert.Contains("grammar", Assert.Throws<InvalidDataException>(() => sampler.Pick([1f, 2f, 2f], new TokenMask(3))).Message, StringComparison.Ordinal);
        Assert.Contains("bias", Assert.Throws<InvalidDataException>(() => sampler.Pick([float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pick_SameSeed_SameChoicesWhateverRunsBeside()
    {
        var random = new Random(5);
        float[][] steps = [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 500).Select(_ => (float)random.NextDouble() * 6).ToArray())];
        var options = new SamplingOptions { Seed = 42, TopK = 100, TopP = 0.95f, Temperature = 0.8f };
        var shared = new Candidates(500);
        var alone = new Sampler(options, new(500));
        int[] expected = [.. steps.Select(step => alone.Pick(step))];
        var beside = new Sampler(options, shared);
        var other = new Sampler(options with { Seed = 43 }, shared);
        int[] others = new int[steps.Length];
        int[] actual = [.. steps.Select((step, i) => { others[i] = other.Pick(step); return beside.Pick(step); })];
        Assert.Equal(expected, actual);
        Assert.NotEqual(expected, others);
        Assert.NotEqual(expected, [.. steps.Select(step => new Sampler(options, shared, choice: 1).Pick(step))]);
    }

    [Fact]
    public void Pick_KnownSeed_GivesTheseChoicesOnEveryMachine()
    {
        float[] logits = [.. Enumerable.Range(0, 1000).Select(i => (i * 7919 % 1000) / 250f)];
        var sampler = new Sampler(new() { Seed = 1, TopP = 0.9f, Temperature = 1.3f }, new(1000));
        Assert.Equal("881 772 6 769 680 916 544 705 261 622 757 62", string.Join(' ', Enumerable.Range(0, 12).Select(_ => sampler.Pick(logits))));
    }

    [Fact]
    public void Pick_OnTheHotPath_AllocatesNothing()
    {
        float[] logits = [.. Enumerable.Range(0, 50_000).Select(i => i * 7919 % 50_000 / 5000f)];
        var options = new SamplingOptions { Seed = 1, TopK = 40, TopP = 0.9f, TypicalP = 0.99f, MinP = 0.01f, RepetitionPenalty = 1.1f, LogitBias = new Dictionary<int, float> { [3] = 1 } };
        var sampler = new Sampler(options, new(50_000));
        for (int i = 0; i < 100; i++) sampler.Accept(sampler.Pick(logits));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) sampler.Accept(sampler.Pick(logits));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(-1f, 1f, 0f)]
    [InlineData(float.NaN, 1f, 0f)]
    [InlineData(1f, 0f, 0f)]
    [InlineData(1f, 1.5f, 0f)]
    [InlineData(1f, 1f, 1f)]
    public void Sampler_OptionOutOfRange_IsRefused(float temperature, float topP, float minP) =>
        Assert.Throws<ArgumentException>(() => new Sampler(new() { Temperature = temperature, TopP = topP, MinP = minP }, new(3)));

    [Fact]
    public void Logprobs_TopN_AreNormalisedAndSorted()
    {
        var top = new TokenLogprob[3];
        float chosen = TokenLogprobs.Read([MathF.Log(0.1f), MathF.Log(0.6f), MathF.Log(0.3f)], 0, top);
        Assert.Equal(MathF.Log(0.1f), chosen, 5);
        Assert.Equal([1, 2, 0], top.Select(entry => entry.Id));
        Assert.Equal(1.0, top.Sum(entry => Math.Exp(entry.Logprob)), 5);
    }

    [Fact]
    public void PortableMath_AgreesWithTheLibrary()
    {
        for (double x = -60; x < 20; x += 0.0371) Assert.Equal(1.0, PortableMath.Exp(x) / Math.Exp(x), 12);
        for (double x = 1e-9; x < 1e9; x *= 1.7) Assert.Equal(Math.Log(x), PortableMath.Log(x), 11);
    }
}
