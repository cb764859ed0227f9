using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Validators;

public sealed class FactValidatorTests
{
    private const string Invoice = """{"vendor":"Acme  GmbH","total":"$1,250.50","lines":[{"amount":1000.5},{"amount":250.00}],"currency":"EUR","paid":false,"id":"INV-7"}""";

    [Theory]
    [InlineData("total == sum(lines[*].amount)", true)]
    [InlineData("total != sum(lines[*].amount)", false)]
    [InlineData("count(lines) == 2 and min(lines[*].amount) >= 250", true)]
    [InlineData("avg(lines[*].amount) == 625.25", true)]
    [InlineData("max(lines[*].amount) - 0.5 == 1000", true)]
    [InlineData("lines[0].amount > lines[1].amount", true)]
    [InlineData("lines[1].amount * 4 + 0.5 == lines[0].amount", true)]
    [InlineData("currency in [\"EUR\", 'USD']", true)]
    [InlineData("currency not in ['GBP']", true)]
    [InlineData("'cm' in lower(vendor)", true)]
    [InlineData("id matches '^INV-\\d+$'", true)]
    [InlineData("not paid or exists(paid_on)", true)]
    [InlineData("exists(discount)", false)]
    [InlineData("not exists(discount) or discount <= total", true)]
    [InlineData("round(total / 3, 2) == 416.83", true)]
    [InlineData("abs(-3) == 3 and -2 * -2 == 4 and (1 + 2) * 3 == 9", true)]
    [InlineData("len(id) == 5 and len(lines) == 2", true)]
    [InlineData("unique(lines[*].amount)", true)]
    [InlineData("unique(lines)", true)]
    [InlineData("7 % 4 == 3", true)]
    [InlineData("1.004 == 1", true)]
    [InlineData("1.006 == 1", false)]
    [InlineData("1.004 > 1", false)]
    [InlineData("paid == null", false)]
    [InlineData("sum(nothing[*].amount) == 0", false)]
    [InlineData("sum(lines[*].amount) == 1250.5 and count(lines[*].amount) == 2", true)]
    public async Task Expression_Holds_OrNot(string check, bool holds) =>
        Assert.Equal(holds ? VerdictKind.Accept : VerdictKind.Reject, (await JudgeExpression(check)).Kind);

    [Theory]
    [InlineData("total == sum(lines[*].amount) + 1", "It must hold that total == sum(lines[*].amount) + 1, but the left side is \"$1,250.50\" and the right side 1251.5.")]
    [InlineData("discount > 0", "It must hold that discount > 0, but there is no discount.")]
    [InlineData("vendor > 0", "It must hold that vendor > 0, but \"Acme  GmbH\" is no number.")]
    [InlineData("total == sum(positions[*].amount)", "It must hold that total == sum(positions[*].amount), but there is no positions[*].amount at /positions.")]
    [InlineData("sum(lines[*].tax) > 0", "It must hold that sum(lines[*].tax) > 0, but there is no lines[*].tax at /lines/0/tax.")]
    [InlineData("lines[2].amount > 0", "It must hold that lines[2].amount > 0, but there is no lines[2].amount.")]
    [InlineData("total / 0 > 1", "It must hold that total / 0 > 1, but something is divided by zero.")]
    public async Task Expression_Fails_SaysWhy(string check, string message) => Assert.Equal(message, (await JudgeExpression(check)).Findings[0].Message);

    [Theory]
    [InlineData("""{"total":0}""", false)]
    [InlineData("""{"total":0,"lines":[]}""", true)]
    [InlineData("""{"total":5,"lines":[{"amount":5},{}]}""", false)]
    [InlineData("""{"total":5,"lines":[{"amount":5},{"amount":null}]}""", false)]
    [InlineData("""{"total":5,"lines":{"amount":5}}""", false)]
    [InlineData("""{"total":1e28,"lines":[{"amount":-7e28}]}""", false)]
    public async Task Expression_SumOfLines_NeedsEachOfThem(string answer, bool accepted) =>
        Assert.Equal(accepted ? VerdictKind.Accept : VerdictKind.Reject, (await Drafts.Validator("expression", Options("total == sum(lines[*].amount)")).JudgeAsync(answer)).Kind);

    [Theory]
    [InlineData("total ==")]
    [InlineData("total == 1 2")]
    [InlineData("median(lines)")]
    [InlineData("sum()")]
    [InlineData("a matches '('")]
    [InlineData("'open")]
    [InlineData("((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))")]
    public void Expression_Malformed_NamesTheOption(string check) => Assert.Equal("checks", Drafts.Refused("expression", Options(check)).Param);

    [Theory]
    [InlineData("""{"vendor":"acme gmbh","total":1250.5}""", true)]
    [InlineData("""{"vendor":"ACME GmbH","total":"1250.50"}""", true)]
    [InlineData("""{"vendor":"Umbrella","total":1250.5}""", false)]
    [InlineData("""{"vendor":"Acme GmbH","total":999}""", false)]
    [InlineData("""{"vendor":null,"total":null}""", true)]
    [InlineData("""{"vendor":null}""", false)]
    [InlineData("""{"vendor":"Acme","total":"50"}""", false)]
    [InlineData("""{"vendor":"Acme","total":50}""", false)]
    [InlineData("""{"vendor":"Acme","total":"250.50"}""", false)]
    [InlineData("""{"vendor":"Acme","total":"1250.50 EUR"}""", false)]
    [InlineData("""{"vendor":"cme GmbH","total":1250.5}""", false)]
    [InlineData("""{"vendor":"Umbrella 1250.50","total":1250.5}""", false)]
    [InlineData("no json", false)]
    public async Task Quotes_FieldsOfTheInput_AreFound(string answer, bool accepted) =>
        Assert.Equal(accepted ? VerdictKind.Accept : VerdictKind.Reject, (await Drafts.Validator("quotes", """{"fields":["vendor","total"]}""").JudgeAsync(answer, Asked())).Kind);

    [Theory]
    [InlineData("Summe: 1.250,00 EUR", "1250.00", true)]
    [InlineData("Summe: 1.250 EUR", "1250", true)]
    [InlineData("Summe: 1.250 EUR", "\"1250 EUR\"", true)]
    [InlineData("Summe: 1.250 EUR", "\"1250 USD\"", false)]
    [InlineData("Somme : 12 500,75 €", "12500.75", true)]
    [InlineData("Qty 2 500 ml", "500", true)]
    [InlineData("Balance: -50", "\"50\"", false)]
    [InlineData("Balance: -50", "-50", true)]
    [InlineData("Room 12.5", "\"2.5\"", false)]
    [InlineData("Room 12.5", "\"12\"", false)]
    [InlineData("我住在北京市", "\"北京\"", true)]
    [InlineData("Total EUR1,250.50", "1250.5", true)]
    [InlineData("Total EUR1,250.50", "\"1,250.50 EUR\"", true)]
    [InlineData("Total 5kg", "\"5 kg\"", true)]
    [InlineData("Total Rs.500", "500", true)]
    [InlineData("Total Rs.500", "0.5", false)]
    [InlineData("Apartment 12B", "12", true)]
    [InlineData("about 5 million people", "5", true)]
    [InlineData("about 5 million people", "5000000", true)]
    [InlineData("a parcel of pineapples", "\"apples\"", false)]
    public async Task Quotes_NumbersAndWords_AreWholeAndInAnySpelling(string input, string value, bool accepted)
    {
        var context = Drafts.Context(request: Run.Question() with { Messages = [ChatMessage.Of(ChatRole.User, input)] });
        Assert.Equal(accepted ? VerdictKind.Accept : VerdictKind.Reject, (await Drafts.Validator("quotes", """{"fields":["v"]}""").JudgeAsync($$"""{"v":{{value}}}""", context)).Kind);
    }

    [Theory]
    [InlineData("""{"vendor":null}""", VerdictKind.Accept)]
    [InlineData("""{"vendor":{"name":null}}""", VerdictKind.Accept)]
    [InlineData("""{"vendor":{}}""", VerdictKind.Reject)]
    [InlineData("{}", VerdictKind.Reject)]
    public async Task Quotes_FieldOfWhatIsNull_IsNotStatedEither(string answer, VerdictKind said) =>
        Assert.Equal(said, (await Drafts.Validator("quotes", """{"fields":["vendor.name"]}""").JudgeAsync(answer, Asked())).Kind);

    [Theory]
    [InlineData("all", VerdictKind.Accept)]
    [InlineData("last", VerdictKind.Reject)]
    public async Task Quotes_WordsOfAnExampleBefore_CountWhereAllOfTheRequestDoes(string input, VerdictKind said)
    {
        var request = Run.Question() with { Messages = [ChatMessage.Of(ChatRole.User, "Bill of Umbrella"), ChatMessage.Of(ChatRole.Assistant, "Umbrella"), ChatMessage.Of(ChatRole.User, "Bill of Acme")] };
        var validator = Drafts.Validator("quotes", $$"""{"fields":["vendor"],"input":"{{input}}"}""");
        Assert.Equal(VerdictKind.Accept, (await validator.JudgeAsync("""{"vendor":"Acme"}""", Drafts.Context(request: request))).Kind);
        Assert.Equal(said, (await validator.JudgeAsync("""{"vendor":"Umbrella"}""", Drafts.Context(request: request))).Kind);
    }

    [Theory]
    [InlineData("It says “the total is $1,250.50” there.", true)]
    [InlineData("It says \"The total  is $1,250.50\".", true)]
    [InlineData("It says \"the total is $9,250.50\".", false)]
    [InlineData("A \"short\" one is not looked up.", true)]
    public async Task Quotes_SpansInQuotationMarks_AreFoundWordForWord(string answer, bool accepted) =>
        Assert.Equal(accepted ? VerdictKind.Accept : VerdictKind.Reject, (await Drafts.Validator("quotes", "{}").JudgeAsync(answer, Asked())).Kind);

    private static ValidationContext Asked() =>
        Drafts.Context(request: Run.Question() with { Messages = [ChatMessage.Of(ChatRole.User, "Invoice of Acme\n GmbH: the total is $1,250.50, due soon.")] });

    private static string Options(string check) => $$"""{"checks":["{{check.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}}"]}""";

    private static ValueTask<Verdict> JudgeExpression(string check) => Drafts.Validator("expression", Options(check)).JudgeAsync(Invoice);
}
