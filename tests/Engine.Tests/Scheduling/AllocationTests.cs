using Countersign.Engine.Cache;
using Countersign.Engine.Kernels;
using Countersign.Engine.Models;
using Countersign.Engine.Sampling;
using Countersign.Engine.Scheduling;
using Countersign.Engine.Tests.Fixtures;
using Countersign.Engine.Tests.Models;
using Countersign.Engine.Tests.Tokenizers;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Tests.Scheduling;

/// <summary>What a token costs the garbage collector.</summary>
public sealed class AllocationTests
{
    private const int Warm = 84, Measured = 8, Rounds = 5; // The list of pages, which doubles with the length, does not grow between the two.

    public static TheoryData<string> Generators => ServingTests.Generators;

    [Theory]
    [MemberData(nameof(Generators))]
    public void Forward_TokenByToken_AllocatesNothing(string file)
    {
        using var model = new LoadedModel(Fixture.Path("arch", file), KernelChoice.FromEnvironment());
        using SequenceState sequence = model.NewSequence();
        for (int i = 0; i < Warm; i++) Step(model, sequence);
        Assert.Equal(0, LeastAllocated(() => Step(model, sequence)));
    }

    [Fact]
    public void Draft_FollowingAnAnswer_AllocatesNothing()
    {
        var tokenizer = new Tokenizer(SmallVocabularies.ByteLevel());
        var request = new GenerationRequest { Prompt = [1, 2, 3], Sampling = new() { Temperature = 0.8f, TopK = 40, TopP = 0.9f, FrequencyPenalty = 0.5f, Seed = 3 } };
        var candidates = new Candidates(tokenizer.Count);
        TokenChooser answer = new(request, 0, candidates, null, tokenizer), draft = new(request, 0, candidates, null, tokenizer);
        float[] logits = [.. Enumerable.Range(0, tokenizer.Count).Select(static i => i * 37 % 11 / 4f)];
        void Guess()
        {
            draft.Follow(answer);
            for (int guess = 0; guess < 4; guess++) draft.Accept(draft.Draw(logits));
            answer.Accept(answer.Draw(logits));
        }

        for (int i = 0; i < Warm; i++) Guess();
        Assert.Equal(0, LeastAllocated(Guess));
    }

    /// <summary>The least of several rounds: what the runtime allocates once, when it compiles a method anew, is no cost of a token.</summary>
    private static long LeastAllocated(Action step)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Measured; i++) step();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static void Step(LoadedModel model, SequenceState sequence)
    {
        model.Batch.Clear();
        Assert.True(sequence.TryReserve(1));
        model.Batch.Add(sequence, [5]);
        model.Batch.OutputRows.Add(0);
        model.Model.Forward(model.Batch);
    }
}
