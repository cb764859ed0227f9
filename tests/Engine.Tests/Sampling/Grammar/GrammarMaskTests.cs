using Countersign.Engine.Gguf;
using Countersign.Engine.Sampling;
using Countersign.Engine.Sampling.Grammar;
using Countersign.Engine.Tests.Fixtures;
using Countersign.Engine.Tests.Scheduling;
using Countersign.Engine.Tokenizers;
using Countersign.Tests;

namespace Countersign.Engine.Tests.Sampling.Grammar;

public sealed class GrammarMaskTests
{
    private const string Lists = "root ::= \"[\" (item (\", \" item)*)? \"]\"\nitem ::= root | word | [0-9]{1,3}\nword ::= \"\\\"\" [^\"\\\\\\x00-\\x1f]* \"\\\"\"";
    private const string Words = "root ::= (\"the\" | \"then\" | \"a\" | \"é中\")(\" \" root)?";

    public static TheoryData<string, string> Cases => new() { { "llama.f32.gguf", Lists }, { "llama.f32.gguf", Words }, { "qwen3.f32.gguf", Lists }, { "gemma3.f32.gguf", Words } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Mask_AlongRandomAnswers_IsWhatTheBytesAllow(string model, string grammar)
    {
        using GgufFile file = GgufFile.Open(Fixture.Path("arch", model));
        Compare(Tokenizer.FromGguf(file), OutputGrammar.FromGbnf(grammar), answers: 20, steps: 30);
    }

    [Fact]
    public void Mask_RealVocabulary_IsWhatTheBytesAllow()
    {
        using GgufFile file = GgufFile.Open(Path.Combine(SharedData.RepositoryRoot, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"));
        var tokenizer = Tokenizer.FromGguf(file);
        Compare(tokenizer, OutputGrammar.FromGbnf(Lists), answers: 2, steps: 15);
        Compare(tokenizer, OutputGrammar.FromGbnf(Words), answers: 2, steps: 15);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(2f)]
    public async Task Generate_WithGrammar_GivesATextOfIt(float temperature)
    {
        using EngineModel model = EngineModel.Load(Fixture.Path("arch", "llama.f32.gguf"), new() { Threads = 1 }, CancellationToken.None);
        OutputGrammar grammar = OutputGrammar.FromGbnf("root ::= \"{\" [a-z]{1,8} (\":\" [0-9]{2})? \"}\"");
        var request = new GenerationRequest { Prompt = [5, 6, 7], Grammar = grammar, Choices = 8, MaxTokens = 40, Sampling = new() { Temperature = temperature, Seed = 3 } };
        Answer answer = await Answer.Of(model, request);
        Assert.All(answer.Finished, static finished => Assert.Equal(FinishReason.EndOfGeneration, finished.Reason));
        Assert.All(Enumerable.Range(0, 8), choice => Assert.True(GrammarRun.Accepts(grammar, answer.Text(choice)), answer.Text(choice)));
    }

    [Fact]
    public async Task Generate_WithGrammarAmongOthers_SameBytesAsAlone()
    {
        using EngineModel model = EngineModel.Load(Fixture.Path("arch", "llama.f32.gguf"), new() { Threads = 1, MaxSequences = 4 }, CancellationToken.None);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 8).Select(static i => new GenerationRequest
        {
            Prompt = [5, 6, 7 + i],
            Grammar = i % 3 == 2 ? null : OutputGrammar.FromGbnf(i % 2 == 0 ? Lists : Words),
            MaxTokens = 25,
            Sampling = new() { Temperature = 1.5f, Seed = (ulong)i },
        })];
        var alone = new List<string>();
        foreach (GenerationRequest request in requests) alone.Add((await Answer.Of(model, request)).Exact());
        Answer[] together = await Task.WhenAll(requests.Select(request => Answer.Of(model, request)));
        Assert.Equal(alone, together.Select(static answer => answer.Exact()));
    }

    [Fact]
    public async Task Generate_GrammarFailingMidway_LeavesTheNeighbourAlone()
    {
        using EngineModel model = EngineModel.Load(Fixture.Path("arch", "llama.f32.gguf"), new() { Threads = 1 }, CancellationToken.None);
        var neighbour = new GenerationRequest { Prompt = [5, 6, 7], MaxTokens = 30, IgnoreEndOfGeneration = true };
        string expected = (await Answer.Of(model, neighbour)).Exact();
        OutputGrammar ambiguous = OutputGrammar.FromGbnf("root ::= \"a\" root \"b\"? | \"a\" root \"c\"? | \"a\"{500}");
        Task<Answer> beside = Answer.Of(model, neighbour);
        Assert.Equal(EngineErrorKind.InvalidRequest, await Answer.ErrorOf(model, neighbour with { Grammar = ambiguous }));
        Assert.Equal(expected, (await beside).Exact());
    }

    /// <summary>Random answers token by token: at each place the mask must be what trying every token's bytes gives.</summary>
    private static void Compare(Tokenizer tokenizer, OutputGrammar grammar, int answers, int steps)
    {
        var machine = new GrammarMachine(grammar.Graph);
        var masks = new GrammarMasks(machine, new TokenTrie(tokenizer), tokenizer.Count);
        var random = new Random(11);
        for (int answer = 0; answer < answers; answer++)
        {
            GrammarState state = machine.Start();
            for (int step = 0; step < steps && state.Positions.Length > 0; step++)
            {
                TokenMask mask = masks.Of(state);
                int[] allowed = [.. Enumerable.Range(0, tokenizer.Count).Where(id => IsAllowed(machine, state, tokenizer, id))];
                Assert.Equal(allowed, Enumerable.Range(0, tokenizer.Count).Where(id => mask[id]));
                int[] going = [.. allowed.Where(id => !tokenizer.IsEndOfGeneration(id))];
                foreach (byte value in tokenizer.TokenBytes(going[random.Next(going.Length)])) state = machine.Step(state, value);
            }
        }
    }

    private static bool IsAllowed(GrammarMachine machine, GrammarState state, Tokenizer tokenizer, int id)
    {
        if (tokenizer.IsEndOfGeneration(id)) return state.IsAccepting;
        ReadOnlySpan<byte> bytes = tokenizer.TokenBytes(id);
        foreach (byte value in bytes) state = machine.Step(state, value);
        return bytes.Length > 0 && !state.IsDead;
    }
}
