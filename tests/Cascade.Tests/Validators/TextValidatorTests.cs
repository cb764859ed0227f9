using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Validators;

public sealed class TextValidatorTests
{
    private static readonly string Loop = "So we get 3! times 7 times 6. " + string.Concat(Enumerable.Repeat("Then we multiply by 5! again. ", 14));

    public static TheoryData<string, string, string, bool> Cases => new()
    {
        { "length", """{"min":2,"max":4}""", "abcd", true },
        { "length", """{"min":2,"max":4}""", "abcde", false },
        { "length", """{"min":2,"unit":"words"}""", "one", false },
        { "length", """{"max":2,"unit":"words"}""", " one  two ", true },
        { "length", """{"max":1,"unit":"lines"}""", "one\ntwo", false },
        { "length", """{"max":2}""", "😀😀", true },
        { "contains", """{"all":["yes","NO"],"any":["a","b"]}""", "Yes, no: b", true },
        { "contains", """{"all":["yes"],"case_sensitive":true}""", "Yes", false },
        { "contains", """{"any":["a","b"]}""", "c", false },
        { "forbids", """{"texts":["secret"]}""", "No SECRETS here", false },
        { "forbids", """{"texts":["secret"],"case_sensitive":true}""", "No SECRETS here", true },
        { "forbids", """{"patterns":["\\d{16}"]}""", "card 1234567812345678", false },
        { "forbids", """{"texts":["café"]}""", """{"at":"caf\u00e9"}""", false },
        { "forbids", """{"patterns":["^café$"]}""", """{"\ud800":1,"caf\u00e9":["\ud800"]}""", false },
        { "regex", """{"pattern":"^(yes|no)$"}""", "yes", true },
        { "regex", """{"pattern":"^(yes|no)$"}""", "yes\n", false },
        { "refusal", "{}", "I'm sorry, but I can't help with that.", false },
        { "refusal", "{}", "**I’m sorry, but I cannot** share this.", false },
        { "refusal", "{}", "抱歉，我无法回答。", false },
        { "refusal", "{}", "Sorry for the delay! The answer is 4; I can't find another.", true },
        { "refusal", """{"beginnings":["Nope"]}""", "Nope!", false },
        { "repetition", "{}", Loop, false },
        { "repetition", "{}", "A text that says each thing once. ----------------------------------------", true },
        { "repetition", "{}", new string('0', 400), false },
        { "repetition", "{}", "| a | b |\n" + new string('-', 400), true },
        { "repetition", "{}", string.Concat(Enumerable.Repeat("😀🎉", 100)), false },
        { "repetition", "{}", string.Concat(Enumerable.Repeat("✨", 400)), false },
        { "repetition", "{}", new string('─', 400) + new string('█', 400), true },
        { "language", """{"is":["en"]}""", "This is the answer to the question that you asked.", true },
        { "language", """{"is":["en"]}""", "Das ist die Antwort auf die Frage, und sie ist nicht kurz.", false },
        { "language", """{"is":["fr"]}""", "La réponse est dans le livre qui est sur la table.", true },
        { "language", """{"is":["sv"]}""", "Det er en by af en vis størrelse, og den ligger ikke ved havet.", false },
        { "language", """{"is":["da"]}""", "Svaret på spørgsmålet er kun af mindre betydning efter mødet.", true },
        { "language", """{"is":["no"]}""", "Svaret på spørsmålet er bare av mindre betydning etter møtet.", true },
        { "language", """{"is":["sv"]}""", "Svaret på frågan är inte av stor betydelse för oss.", true },
        { "language", """{"is":["zh"]}""", "这是一个很长的回答。", true },
        { "language", """{"is":["ja"]}""", "これは質問への答えです。", true },
        { "language", """{"is":["en"]}""", "Это длинный ответ на вопрос.", false },
        { "language", """{"is":["RU"]}""", "Привет, как твои дела?", true },
        { "language", """{"is":["uk"]}""", "Столиця Італії — Рим, і це велике місто.", true },
        { "language", """{"is":["ru"]}""", "Столиця Італії — Рим, і це велике місто.", false },
        { "language", """{"is":["bg"]}""", "Столицата на Италия е Рим, голям град.", true },
        { "language", """{"is":["ru"]}""", "Въпросът е труден за отговор.", false },
        { "language", """{"is":["be"]}""", "Гэта доўгі адказ на пытанне.", true },
        { "language", """{"is":["fa"]}""", "پایتخت ایتالیا رم است و شهر بزرگی است.", true },
        { "language", """{"is":["ar"]}""", "عاصمة إيطاليا هي روما.", true },
        { "language", """{"is":["ar"]}""", "عاصمة إيطاليا هي روما، وهي مدينة كبيرة وقديمة فيها آثار كثيرة، ويكتب بعض الناس اسم الشركة گوگل هكذا في صفحات الشبكة.", true },
        { "language", """{"is":["fa"]}""", "این کتاب است که من خواندم.", true },
        { "language", """{"is":["ru"]}""", "Столица Белоруссии - Минск, а первым президентом страны стал Лукашенко; по-белорусски это слово пишется Ўладзімір, и так его знают все.", true },
        { "language", """{"is":["ru"]}""", "Сербский теннисист, который выиграл больше всех турниров, пишется на родном языке как Новак Ђокович, и это знают все любители этого вида спорта.", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Judge_Text_GivesTheVerdict(string name, string options, string text, bool accepted)
    {
        var verdict = await Drafts.Validator(name, options).JudgeAsync(text);
        Assert.Equal(accepted ? VerdictKind.Accept : VerdictKind.Reject, verdict.Kind);
        Assert.Equal(accepted, verdict.Findings.Count == 0);
    }

    [Fact]
    public async Task Forbids_BesideHalfACharacter_IsFoundAllTheSame() =>
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("forbids", """{"texts":["café"]}""").JudgeAsync("{\"at\":\"caf\\u00e9\",\"b\":\"" + '\ud800' + "\"}")).Kind);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prefix_SplitAnywhere_CondemnsOnlyWhatTheWholeCheckRejects(string name, string options, string text, bool accepted)
    {
        var random = new Random(3);
        bool condemns = false;
        for (int round = 0; round < 20; round++)
        {
            var judge = Drafts.Validator(name, options).JudgePrefix(Drafts.Context());
            for (int start = 0; judge is not null && start < text.Length;)
            {
                int length = Math.Min(random.Next(1, 9), text.Length - start);
                condemns |= judge.See(new TextDelta(0, text.Substring(start, length))) is not null;
                start += length;
            }
        }

        Assert.False(condemns && accepted);
        bool watches = (name is "refusal" or "repetition" && text.Length > 0) || (options.Contains("texts", StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal)) || (name == "length" && options.Contains("max", StringComparison.Ordinal));
        Assert.Equal(watches && !accepted, condemns);
    }

    [Theory]
    [InlineData("length", "{}", "max")]
    [InlineData("length", """{"min":5,"max":2}""", "min")]
    [InlineData("contains", "{}", "all")]
    [InlineData("forbids", "{}", "texts")]
    [InlineData("forbids", """{"patterns":["("]}""", "patterns")]
    [InlineData("regex", """{"pattern":"["}""", "pattern")]
    [InlineData("repetition", """{"times":1}""", "times")]
    [InlineData("language", """{"is":["en","fi"]}""", "is")]
    [InlineData("language", """{"is":["en-US"]}""", "is")]
    [InlineData("confidence", "{}", "mean")]
    [InlineData("confidence", """{"mean":3}""", "mean")]
    [InlineData("quotes", """{"fields":["a..b"]}""", "fields")]
    public void Create_WrongOptions_NamesTheOption(string name, string options, string param) => Assert.Equal(param, Drafts.Refused(name, options).Param);

    [Fact]
    public void Language_ThatCannotBeTold_IsRefusedWithThoseThatCan() =>
        Assert.Equal("The language 'fi' cannot be told; these can: ar, be, bg, da, de, el, en, es, fa, fr, he, hi, it, ja, ko, nl, no, pl, pt, ru, sv, th, tr, uk, ur, zh.", Drafts.Refused("language", """{"is":["fi"]}""").Message);

    [Fact]
    public async Task Language_TooShortToTell_IsUnknown() =>
        Assert.Equal(VerdictKind.Unknown, (await Drafts.Validator("language", """{"is":["en"]}""").JudgeAsync("42")).Kind);

    [Fact]
    public async Task Language_WithoutAList_IsThatOfTheRequest()
    {
        var german = Drafts.Context(request: Run.Question() with { Messages = [ChatMessage.Of(ChatRole.User, "Was ist die Hauptstadt von Italien, und wie groß ist sie?")] });
        var validator = Drafts.Validator("language", "{}");
        Assert.Equal(VerdictKind.Accept, (await validator.JudgeAsync("Die Hauptstadt ist Rom, und sie ist nicht klein.", german)).Kind);
        Assert.Equal(VerdictKind.Reject, (await validator.JudgeAsync("The capital is Rome, and it is not small.", german)).Kind);
    }

    [Fact]
    public async Task Confidence_WithProbabilities_Scores()
    {
        TokenLogprob[] tokens = [new("a", Math.Log(0.9), [new("a", Math.Log(0.9)), new("b", Math.Log(0.1))]), new("c", Math.Log(0.4), [new("c", Math.Log(0.4)), new("d", Math.Log(0.3))])];
        var draft = Drafts.Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, Text = "ac", Logprobs = tokens }] });
        async Task<Verdict> Judge(string options) => await Drafts.Validator("confidence", options).JudgeAsync(draft, Drafts.Context(), TestContext.Current.CancellationToken);
        var verdict = await Judge("""{"mean":0.5,"min":0.3,"margin":0.4}""");
        Assert.Equal((VerdictKind.Accept, 0.6), (verdict.Kind, Math.Round(verdict.Score!.Value, 3)));
        Assert.Equal(VerdictKind.Reject, (await Judge("""{"min":0.5}""")).Kind);
        Assert.Equal(VerdictKind.Reject, (await Judge("""{"margin":0.5}""")).Kind);
        Assert.Equal(VerdictKind.Unknown, (await Drafts.Validator("confidence", """{"mean":0.5}""").JudgeAsync("no probabilities")).Kind);
    }

    public static TheoryData<string, string, string> Hidden => new()
    {
        { "forbids", """{"texts":["SECRET42"]}""", "It is SECRET42." },
        { "forbids", """{"patterns":["SECRET\\d+"]}""", "It is SECRET42." },
        { "repetition", "{}", Loop },
    };

    [Theory]
    [MemberData(nameof(Hidden))]
    public async Task Judge_ReasoningRefusalsAndCalls_AreLookedAtToo(string name, string options, string text)
    {
        var said = new ChatChoice { Index = 0, Text = "Fine." };
        int middle = text.Length / 2;
        (ChatChoice Choice, string Where)[] cases =
        [
            (said with { Reasoning = [new ReasoningPart(text[..middle], "sealed"), new ReasoningPart(text[middle..])] }, "reasoning"),
            (said with { Refusal = text }, "refusal"),
            (said with { Text = "", ToolCalls = [new ToolCall("1", "f", "{}"), new ToolCall("2", "f", text)] }, "tool_calls[1]"),
        ];
        foreach (var (choice, where) in cases)
        {
            var answer = new ChatAnswer { Choices = [choice] };
            var verdict = await Drafts.Validator(name, options).JudgeAsync(Drafts.Of(answer), Drafts.Context(), TestContext.Current.CancellationToken);
            Assert.Equal((VerdictKind.Reject, where), (verdict.Kind, verdict.Findings[0].Where));
            if (Drafts.Validator(name, options).JudgePrefix(Drafts.Context()) is { } judge) Assert.Equal(where, AnswerEvents.Of(answer).Select(judge.See).OfType<Finding>().First().Where);
        }
    }

    [Theory]
    [InlineData("length", """{"min":5,"max":9}""", true)]
    [InlineData("contains", """{"all":["total"]}""", true)]
    [InlineData("regex", """{"pattern":"^yes$"}""", true)]
    [InlineData("language", """{"is":["en"]}""", true)]
    [InlineData("confidence", """{"mean":0.5}""", true)]
    [InlineData("json_schema", """{"schema":{"type":"object"}}""", true)]
    [InlineData("quotes", """{"fields":["vendor"]}""", true)]
    [InlineData("expression", """{"checks":["total == 1"]}""", true)]
    [InlineData("refusal", "{}", true)]
    [InlineData("repetition", "{}", true)]
    [InlineData("forbids", """{"texts":["Rome"]}""", false)]
    public async Task Judge_AnswerThatOnlyCalls_IsLeftToToolCall(string name, string options, bool accepted)
    {
        var choice = new ChatChoice { Index = 0, Text = "\n", ToolCalls = [new ToolCall("1", "weather", """{"city":"Rome"}""")], FinishReason = FinishReason.ToolCalls };
        var context = Drafts.Context(request: Run.Question() with { Tools = [new ToolDefinition { Name = "weather" }] });
        var verdict = await Drafts.Validator(name, options).JudgeAsync(Drafts.Of(new ChatAnswer { Choices = [choice] }), context, TestContext.Current.CancellationToken);
        Assert.Equal(accepted ? VerdictKind.Accept : VerdictKind.Reject, verdict.Kind);
        if (name is "length" or "confidence" or "refusal" or "repetition" or "forbids") return;
        var spoken = Drafts.Of(new ChatAnswer { Choices = [choice with { Text = "I" }] });
        Assert.NotEqual(VerdictKind.Accept, (await Drafts.Validator(name, options).JudgeAsync(spoken, context, TestContext.Current.CancellationToken)).Kind);
    }

    [Theory]
    [InlineData("length", """{"min":5}""")]
    [InlineData("contains", """{"all":["total"]}""")]
    [InlineData("regex", """{"pattern":"^yes$"}""")]
    [InlineData("json_schema", """{"schema":{"type":"object"}}""")]
    [InlineData("expression", """{"checks":["total == 1"]}""")]
    public async Task Judge_AnswerThatOnlyCallsWhereNothingMayBeCalled_IsNoText(string name, string options)
    {
        var draft = Drafts.Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, ToolCalls = [new ToolCall("1", "weather", "{}")] }] });
        var none = Run.Question() with { Tools = [new ToolDefinition { Name = "weather" }], ToolChoice = new ToolChoice(ToolChoiceMode.None) };
        foreach (var request in (ChatRequest[])[Run.Question(), none])
        {
            var verdict = await Drafts.Validator(name, options).JudgeAsync(draft, Drafts.Context(request: request), TestContext.Current.CancellationToken);
            Assert.Equal(VerdictKind.Reject, verdict.Kind);
        }
    }

    [Fact]
    public async Task Confidence_InACall_IsJudgedWhereItIsKnown()
    {
        var draft = Drafts.Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, ToolCalls = [new ToolCall("1", "f", "{}")], Logprobs = [new TokenLogprob("f", Math.Log(0.1))] }] });
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("confidence", """{"mean":0.5}""").JudgeAsync(draft, Drafts.Context(), TestContext.Current.CancellationToken)).Kind);
    }

    [Fact]
    public async Task Refusal_OfTheApi_IsRejected()
    {
        var draft = Drafts.Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, Refusal = "No." }] });
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("refusal", "{}").JudgeAsync(draft, Drafts.Context(), TestContext.Current.CancellationToken)).Kind);
        Assert.NotNull(Drafts.Validator("refusal", "{}").JudgePrefix(Drafts.Context())!.See(new RefusalDelta(0, "No.")));
    }

    [Fact]
    public void Catalogue_EveryKind_HasANameASummaryAndOptions()
    {
        Assert.Equal(ValidatorCatalogue.All.Count, ValidatorCatalogue.All.Select(kind => kind.Name).Distinct().Count());
        Assert.All(ValidatorCatalogue.All, kind => Assert.EndsWith(".", kind.Summary, StringComparison.Ordinal));
        Assert.All(ValidatorCatalogue.All, kind => Assert.NotEmpty(kind.Options.Properties));
    }
}
