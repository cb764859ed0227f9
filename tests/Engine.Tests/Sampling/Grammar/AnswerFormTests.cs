using Countersign.Engine.Tests.Fixtures;
using Countersign.Engine.Tests.Scheduling;

namespace Countersign.Engine.Tests.Sampling.Grammar;

/// <summary>Answers of several forms, and grammars that begin late.</summary>
public sealed class AnswerFormTests
{
    private static readonly OutputGrammar s_callsOrAnswer = OutputGrammar.FromForms(
    [
        new AnswerForm("""{"type":"object","properties":{"name":{"const":"f"}},"required":["name"]}""", "<c>", "</c>", Repeats: true),
        new AnswerForm("""{"enum":[1,2]}"""),
    ]);

    [Theory]
    [InlineData("""<c>{"name": "f"}</c>""", true)]
    [InlineData("<c>{\"name\": \"f\"}</c>\n<c>{\"name\":\"f\"}</c>", true)]
    [InlineData("2", true)]
    [InlineData("3", false)]
    [InlineData("""{"name": "f"}""", false)]
    [InlineData("""<c>{"name": "g"}</c>""", false)]
    [InlineData("<c>1</c>", false)]
    public void Forms_AnyOneOfThem(string text, bool isAllowed) => Assert.Equal(isAllowed, GrammarRun.Accepts(s_callsOrAnswer, text));

    [Fact]
    public void Forms_NothingSatisfiesAny_IsRefused() =>
        Assert.Equal(EngineErrorKind.InvalidRequest, Assert.Throws<EngineException>(() => OutputGrammar.FromForms([new AnswerForm("false"), new AnswerForm("false", "a")])).Kind);

    [Fact]
    public async Task GrammarAfter_LeavesTheBeginningFree_AndHoldsFromTheMarkOn()
    {
        using EngineModel model = EngineModel.Load(Fixture.Path("arch", "llama.f32.gguf"), new() { Threads = 1 }, CancellationToken.None);
        OutputGrammar digits = OutputGrammar.FromGbnf("root ::= [0-9]{4}");
        var request = new GenerationRequest { Prompt = [5, 6, 7], MaxTokens = 200, IgnoreEndOfGeneration = true, Sampling = new() { Temperature = 1.5f, Seed = 4 } };
        string free = (await Answer.Of(model, request)).Text();
        string mark = free[3..5];
        string late = (await Answer.Of(model, request with { Grammar = digits, GrammarAfter = mark })).Text();
        int end = late.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        Assert.Equal(free[..end], late[..end]);
        Assert.True(GrammarRun.Accepts(digits, late[^4..]), late);
        Assert.True(late.Length - 4 - end < 8, late); // Between them stands at most the rest of the token that wrote the mark.
    }

    [Fact]
    public async Task GrammarWaitsIf_TheFirstTokenIsTheMark_ElseItHoldsAtOnce()
    {
        using EngineModel model = EngineModel.Load(Fixture.Path("arch", "llama.f32.gguf"), new() { Threads = 1 }, CancellationToken.None);
        const int Liked = 300;
        string liked = model.Detokenize([Liked], includeSpecial: true);
        var request = new GenerationRequest
        {
            Prompt = [5, 6, 7],
            MaxTokens = 4,
            IgnoreEndOfGeneration = true,
            Grammar = OutputGrammar.FromGbnf("root ::= [0-9]{4}"),
            GrammarAfter = "never written",
            Sampling = new() { Temperature = 0.5f, Seed = 1, LogitBias = new Dictionary<int, float> { [Liked] = 100 } },
        };
        Answer waiting = await Answer.Of(model, request with { GrammarWaitsIf = liked });
        Assert.Equal([Liked, Liked, Liked, Liked], waiting.Tokens());
        Assert.All((await Answer.Of(model, request with { GrammarWaitsIf = "something else" })).Text(), static letter => Assert.InRange(letter, '0', '9'));
    }
}
