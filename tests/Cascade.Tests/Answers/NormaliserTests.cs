using Countersign.Cascade.Answers;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Answers;

public sealed class NormaliserTests
{
    [Theory]
    [InlineData("number", "$1,250.00", "1250")]
    [InlineData("number", "1250", "1250")]
    [InlineData("number", "The answer is 18 dollars.", "18")]
    [InlineData("number", "so 5 apples. #### 42", "42")]
    [InlineData("number", @"Thus \boxed{3{,}600}.", "3600")]
    [InlineData("number", "50%", "50")]
    [InlineData("number", "3/4", "0.75")]
    [InlineData("number", "3 1/2", "3.5")]
    [InlineData("number", @"\frac{1}{4}", "0.25")]
    [InlineData("number", "-7", "-7")]
    [InlineData("number", "−7 °C", "-7")]
    [InlineData("number", "10 - 7 = 3", "3")]
    [InlineData("number", "2:00 pm", "2pm")]
    [InlineData("number", "2:00", "2")]
    [InlineData("number", "9:45", "9:45")]
    [InlineData("number", "2.5 million", "2500000")]
    [InlineData("number", @"1.5 \times 10^3", "1500")]
    [InlineData("number", "12345678901234567890123456789012345", "12345678901234567890123456789012345")]
    [InlineData("number", "H2O", null)]
    [InlineData("number", "none", null)]
    [InlineData("number", "Tom has 12 and gives 5, so he has 7 left.", "7")]
    [InlineData("number", "6 times 7 is 42.", "42")]
    [InlineData("number", "The total cost of 3 apples and 2 pears is $7.", "7")]
    [InlineData("number", "First he has 12.\nThen he gives 5.\nNow 7 are left. That is all.", "7")]
    [InlineData("number", "2 hours and 30 minutes", "2 hours 30")]
    [InlineData("number", "Jeff has 86 glasses and 42 plates now.", "86 glasses 42")]
    [InlineData("number", "5 units per hour (assuming that one is 1 km)", "5 units per hour assuming that one is 1")]
    [InlineData("number", "Tom is 5 and Ann is 7.", "5 ann is 7")]
    [InlineData("number", "x = 1, y = 2", "1 y 2")]
    [InlineData("number", "12 000", "12000")]
    [InlineData("number", "1 234 567,5 €", "1234567.5")]
    [InlineData("number", "1.000,50", "1000.5")]
    [InlineData("number", "1.234.567", "1234567")]
    [InlineData("number", "12,5", "12.5")]
    [InlineData("number", "1,250", "1250")]
    [InlineData("number", "1.250", "1.25")]
    [InlineData("number", "0,125", "0.125")]
    [InlineData("number", "1,00,000", "100000")]
    [InlineData("number", "1'000.5", "1000.5")]
    [InlineData("number", "1,2,3", "1 2 3")]
    [InlineData("number", "x = - 5", "-5")]
    [InlineData("number", "minus 7", "-7")]
    [InlineData("number", "1/3", "1/3")]
    [InlineData("number", "5 hundred thousand", "500000")]
    [InlineData("number", "$5k", "5000")]
    [InlineData("number", "5 kg", "5")]
    [InlineData("number", "72 cm^2", "72")]
    [InlineData("number", "12.05.2024", null)]
    [InlineData("number", "12h30", null)]
    [InlineData("number", "0x1F", null)]
    [InlineData("number", "2^10", null)]
    [InlineData("number", "3½", null)]
    [InlineData("number", "5²", null)]
    [InlineData("number", "8 + 4", null)]
    [InlineData("number", "x + 2", null)]
    [InlineData("number", "2x", null)]
    [InlineData("number", "√2", null)]
    [InlineData("number", "±5", null)]
    [InlineData("number", @"x \leq 5", null)]
    [InlineData("number", @"x \geq 5", null)]
    [InlineData("number", "x > 5", null)]
    [InlineData("number", "x ≠ -5", null)]
    [InlineData("number", "<b>7</b>", "7")]
    [InlineData("number", @"3\frac{1}{2}", "3.5")]
    [InlineData("number", @"-\frac{1}{2}", "-0.5")]
    [InlineData("number", @"72 \text{ cm}^2", "72")]
    [InlineData("number", "72 cm^{2}", "72")]
    [InlineData("number", @"2 \text{ hours and } 30 \text{ minutes}", "2 hours 30")]
    [InlineData("number", "(3,4)", "3 4")]
    [InlineData("number", "(-3,4)", "-3 4")]
    [InlineData("number", "(1,250)", "1250")]
    [InlineData("number", @"2\text{h}30\text{min}", "2 h 30")]
    [InlineData("number", "(1.000,50)", "1000.5")]
    [InlineData("number", "09:45", "9:45")]
    [InlineData("number", "-5:00", "-5")]
    [InlineData("number", "Rs.500", "500")]
    [InlineData("number", "EUR1,250.50", "1250.5")]
    [InlineData("number", "The answer is:\n\\[\n42\n\\]", "42")]
    [InlineData("number", "1/0 1/2", null)]
    [InlineData("latex", @"\dfrac{3}{6}", "1/2")]
    [InlineData("latex", "0.5", "1/2")]
    [InlineData("latex", @"$\frac12$", "1/2")]
    [InlineData("latex", @"x = 5", "5")]
    [InlineData("latex", @"60^\circ", "60")]
    [InlineData("latex", @"12 \text{ square units}", "12")]
    [InlineData("latex", @"3\frac{1}{2}", "7/2")]
    [InlineData("latex", @"1112112_3", "1112112_3")]
    [InlineData("latex", @"1112112_b", "1112112")]
    [InlineData("latex", "12 000", "12000")]
    [InlineData("latex", @"12\,000", "12000")]
    [InlineData("latex", "1.234,50", "2469/2")]
    [InlineData("latex", "12 15", "12␣15")]
    [InlineData("latex", "3 1/2", "7/2")]
    [InlineData("latex", @"-3 \frac12", "-7/2")]
    [InlineData("latex", @"2\frac{\sqrt{2}}{3}", "~0.942809041582")]
    [InlineData("latex", "2xy", "2xy")]
    [InlineData("latex", "6xy^3", "6xy^3")]
    [InlineData("latex", "2 cos x", "2cosx")]
    [InlineData("latex", "2m", "2m")]
    [InlineData("latex", "2 m/s", "2")]
    [InlineData("latex", @"5 \text{ cm}^2", "5")]
    [InlineData("latex", "2 hours 3 minutes", "2hours3minutes")]
    [InlineData("latex", "30 minutes and 5 seconds", "{30minutes,5seconds}")]
    [InlineData("latex", "x = 1, y = 2", "{x=1,y=2}")]
    [InlineData("latex", "x = 2 or x = 1", "{1,2}")]
    [InlineData("latex", "2^{100}-1", "1267650600228229401496703205375")]
    [InlineData("latex", @"10^{12}+\sqrt{2}", @"10^{12}+\sqrt{2}")]
    [InlineData("latex", "17,700", "17700")]
    [InlineData("latex", @"6\sqrt{2}", "~8.48528137424")]
    [InlineData("latex", "6√2", "~8.48528137424")]
    [InlineData("latex", "6*sqrt(2)", "~8.48528137424")]
    [InlineData("latex", @"\sqrt{16}", "4")]
    [InlineData("latex", "-1, 2", "{-1,2}")]
    [InlineData("latex", @"\{2, -1\}", "{-1,2}")]
    [InlineData("latex", "(2, -1)", "(2,-1)")]
    [InlineData("latex", @"\left[0, \frac{1}{2}\right)", "[0,1/2)")]
    [InlineData("latex", "No solution", "NOSOLUTION")]
    [InlineData("latex", "2^-n", "2^-n")]
    [InlineData("latex", @"\sqrt-x", @"\sqrt-x")]
    [InlineData("latex", "6 pieces", "6")]
    [InlineData("latex", "5 pints", "5")]
    [InlineData("latex", "2pi", "~6.28318530718")]
    [InlineData("latex", @"\\frac{1}{2}", "1/2")]
    [InlineData("latex", "1112112_{3}", "1112112_3")]
    [InlineData("latex", "6xy^{3}", "6xy^3")]
    [InlineData("latex", "x^{2}3", "x^{2}3")]
    [InlineData("latex", "**42**", "42")]
    [InlineData("latex", @"\sqrt2\frac{1}{2}", "~0.707106781187")]
    [InlineData("latex", "\frac{1}{2}", "1/2")]
    [InlineData("choice", "The answer is (B).", "B")]
    [InlineData("choice", @"\boxed{\text{C}}", "C")]
    [InlineData("choice", "**D**", "D")]
    [InlineData("choice", "A) Paris", "A")]
    [InlineData("choice", "Answer: E", "E")]
    [InlineData("choice", "I do not know", null)]
    [InlineData("choice", "The answer is (b).", "B")]
    [InlineData("choice", "So the answer is **a**", "A")]
    [InlineData("choice", "Answer: c", "C")]
    [InlineData("choice", "The answer is a matter of taste.", null)]
    [InlineData("choice", "The answer is (a) and (c).", null)]
    [InlineData("choice", "The answer is a) or b.", null)]
    [InlineData("choice", "The answer is e, about 2.718.", null)]
    [InlineData("choice", "The answer is B, because option A is wrong.", "B")]
    [InlineData("choice", "The answer I choose: D", "D")]
    [InlineData("choice", "The correct answer to this question is **(C)**.", "C")]
    [InlineData("choice", "The answer is option B.", "B")]
    [InlineData("choice", "The answer is not A, it is B.", "B")]
    [InlineData("choice", "Option B is correct, option A is wrong.", "B")]
    [InlineData("choice", "The answer is A and C.", null)]
    [InlineData("choice", "Answer: A, B", null)]
    [InlineData("choice", @"\boxed{A} and \boxed{C}", null)]
    [InlineData("choice", "It is (B), not (A).", null)]
    [InlineData("choice", "A) Paris is wrong.\nB) Rome is right.", null)]
    [InlineData("choice", "Option A is wrong.", null)]
    [InlineData("json", "{\"b\": 1.50, \"a\": [1e2]}", "{\"a\":[100],\"b\":1.5}")]
    [InlineData("json", "[1.00000000000000000000000000000001, 1e30, -0.0]", "[1.00000000000000000000000000000001,1000000000000000000000000000000,0]")]
    [InlineData("json", "[12e60, 5e-50]", "[12e60,5e-50]")]
    [InlineData("json", "no json", null)]
    [InlineData("json", "{\"a\": \"\\ud83d\\ude00\"}", "{\"a\":\"\\uD83D\\uDE00\"}")]
    [InlineData("json", "{\"a\": \"\\ud800\"}", null)]
    [InlineData("json", "{\"\\ud800\": 1}", null)]
    [InlineData("json", "So: {\"a\": \"\\ud800\"}", null)]
    [InlineData("json", "{\"a\": \"\\\\ud800\"}", "{\"a\":\"\\\\ud800\"}")]
    [InlineData("python", "{'b': 1, 'a': (1, 2.0)}", "{'a':(1,2),'b':1}")]
    [InlineData("python", "\"it's\"", @"'it\'s'")]
    [InlineData("python", "[1, 2,]", "[1,2]")]
    [InlineData("python", "1, 2", "(1,2)")]
    [InlineData("python", "set()", "<>")]
    [InlineData("python", "{3, 1, 3}", "<1,3>")]
    [InlineData("python", "bare", null)]
    [InlineData("python", "f(1)", null)]
    [InlineData("code_output", "```\n1  \n2\n\n```", "1\n2")]
    [InlineData("code_output", "", null)]
    [InlineData("code_output", " \n\n", null)]
    [InlineData("code_output", "```\n```", null)]
    [InlineData("code_output", "''", "''")]
    [InlineData("code_output", "\"\"", "\"\"")]
    [InlineData("exact", " yes\r\nno ", "yes\nno")]
    public void Canonical_OneAnswer_IsItsForm(string by, string text, string? form) => Assert.Equal(form, Canonical(by, text));

    [Theory]
    [InlineData("{\"reasoning\": \"...\", \"answer\": \"18\"}", "answer", "18")]
    [InlineData("```json\n{\"result\": {\"total\": 18}}\n```", "result.total", "18")]
    [InlineData("{\"reasoning\": \"uses \\frac{1}{2} and \\(x\\)\", \"answer\": \"18\"}", "answer", "18")]
    [InlineData("{\"reasoning\": so it breaks, \"answer\": \"18\"}", "answer", "18")]
    [InlineData("{\"other\": 18}", "answer", null)]
    [InlineData("no json at all", "answer", null)]
    [InlineData("{\"answer\": \"18 \\ud800\"}", "answer", null)]
    public void Canonical_FieldOfJson_IsThatFieldsForm(string text, string field, string? form) => Assert.Equal(form, Canonical("number", text, field));

    [Fact]
    public void ToolCall_TypesNamesAndOrderDiffer_IsTheSame()
    {
        ToolDefinition[] tools = [Tool("math.gcd", """{"properties":{"a":{"type":"integer"},"b":{"type":"integer"}}}"""), Tool("clock", "{}")];
        var spoken = Of(new ChatChoice { Index = 0, Text = "[clock(), math.gcd(b=4, a=6)]" });
        var called = Of(new ChatChoice { Index = 0, ToolCalls = [new("1", "math_gcd", """{"a":"6","b":4.0}"""), new("2", "clock", "")] });
        var normaliser = Normalisers.Find("tool_call")!;
        Assert.Equal("clock({})\nmath.gcd({\"a\":6,\"b\":4})", normaliser.Canonical(spoken, tools, null));
        Assert.Equal(normaliser.Canonical(spoken, tools, null), normaliser.Canonical(called, tools, null));
    }

    [Fact]
    public void ToolCall_NoCallOrBrokenArguments_HasNoForm()
    {
        var normaliser = Normalisers.Find("tool_call")!;
        Assert.Null(normaliser.Canonical(Of(new ChatChoice { Index = 0, Text = "It is noon." }), [], null));
        string[] broken = ["{\"a\": ", "{\"a\":\"\\ud800\"}", "{\"a\":1}{\"a\":2}"];
        Assert.All(broken, arguments => Assert.Null(normaliser.Canonical(Of(new ChatChoice { Index = 0, ToolCalls = [new("1", "f", arguments)] }), [], null)));
    }

    [Fact]
    public void Canonical_RandomTexts_NeverThrows()
    {
        string[] pieces =
        [
            "0", "12", "250", ".", ",", " ", "-", "−", "/", ":", "^", "{", "}", "(", ")", "[", "]", "\\frac", "\\sqrt", "\\boxed", "\\text", "\\leq", "\\pi", "pi", "x", "=", "is", "The answer is ", "am", "k", " million", "$", "%", "EUR", "e",
            "\ud800", "\udc00", "\\ud800", "\\udc00", "\"", "'", "\n", "\0", "**", "A", "b", "and", "_", "½", "²", "None", "\"answer\":", "//", "/*", "```", "json", "“", "”", "١", "五", "\\", "#### ", "f(", "'a'",
        ];
        var random = new Random(20261126);
        for (int round = 0; round < 3_000; round++)
        {
            string text = (random.Next(3) == 0 ? "{\"answer\": " : "") + string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var spoken = Of(new ChatChoice { Index = 0, Text = text });
            var called = Of(new ChatChoice { Index = 0, ToolCalls = [new("1", "f", text)] });
            foreach (var normaliser in Normalisers.All)
            {
                var thrown = Record.Exception(() => (normaliser.Canonical(spoken, [], null), normaliser.Canonical(spoken, [], "answer"), normaliser.Canonical(called, [], null)));
                Assert.True(thrown is null, $"{normaliser.Name}, round {round}: {thrown}");
            }
        }
    }

    [Fact]
    public void Canonical_HostileTexts_EndsSoon()
    {
        string[] texts = [new('{', 50_000), new('[', 50_000), string.Concat(Enumerable.Repeat("\\frac{", 20_000)), new('9', 200_000), string.Concat(Enumerable.Repeat("{\"a\": \"// ", 20_000)), new('(', 50_000), "9^9^9^9^9^9^9", string.Concat(Enumerable.Repeat("answer is ", 20_000)), "5 " + string.Concat(Enumerable.Repeat("so is ", 20_000)), string.Concat(Enumerable.Repeat("1 2/", 20_000)), "1" + new string(' ', 100_000)];
        foreach (var normaliser in Normalisers.All)
        {
            foreach (string text in texts)
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                normaliser.Canonical(Of(new ChatChoice { Index = 0, Text = text }), [], "answer");
                normaliser.Canonical(Of(new ChatChoice { Index = 0, Text = text }), [], null);
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"{normaliser.Name} took {watch.Elapsed} for {text[..9]}...");
            }
        }
    }

    private static string? Canonical(string by, string text, string? field = null) => Normalisers.Find(by)!.Canonical(Of(new ChatChoice { Index = 0, Text = text }), [], field);

    private static ChatAnswer Of(ChatChoice choice) => new() { Choices = [choice] };

    private static ToolDefinition Tool(string name, string schema) => new() { Name = name, Parameters = System.Text.Json.JsonDocument.Parse(schema).RootElement };
}
