using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls;

namespace Countersign.Protocol.Tests.ToolCalls;

public sealed class PythonCallsTests
{
    private static readonly ToolDefinition[] Tools =
    [
        new() { Name = "weather.get", Parameters = JsonDocument.Parse("""{"properties":{"city":{"type":"string"},"days":{"type":"integer"}}}""").RootElement },
        new() { Name = "clock" },
    ];

    [Theory]
    [InlineData("[weather.get(city='Rome', days=3)]", "weather.get", """{"city":"Rome","days":3}""")]
    [InlineData("\n\nweather.get(city=\"Rome\")", "weather.get", """{"city":"Rome"}""")]
    [InlineData("weather_get(city='Rome')", "weather.get", """{"city":"Rome"}""")]
    [InlineData("```python\nclock()\n```", "clock", "{}")]
    [InlineData("<|start_header_id|>[clock()]<|eot_id|>", "clock", "{}")]
    [InlineData("I will call [clock()] now.", "clock", "{}")]
    [InlineData("I will call:\n```python\n[clock()]\n```\nnow.", "clock", "{}")]
    [InlineData("f(a=[1, 2.5], b={'x': (None, True, false)}, c=-1e3)", "f", """{"a":[1,2.5],"b":{"x":[null,true,false]},"c":-1000}""")]
    public void Parse_WellWritten_IsTheCall(string text, string name, string arguments)
    {
        var reading = PythonCalls.Parse(text, Tools);
        Assert.Equal(new ToolCall("call_0", name, arguments), Assert.Single(reading.Calls));
        Assert.Empty(reading.Mends);
    }

    [Theory]
    [InlineData("[weather.get(city='Rome')", """{"city":"Rome"}""")]
    [InlineData("[weather.get({'city': 'Rome'})]", """{"city":"Rome"}""")]
    [InlineData("weather.get('Rome', 3)", """{"city":"Rome","days":3}""")]
    [InlineData("weather.get('Rome', days=3)", """{"city":"Rome","days":3}""")]
    public void Parse_NearCall_IsMendedAndSaysSo(string text, string arguments)
    {
        var reading = PythonCalls.Parse(text, Tools);
        Assert.Equal(arguments, Assert.Single(reading.Calls).Arguments);
        Assert.Single(reading.Mends);
    }

    [Theory]
    [InlineData("weather.get({'town': 'Rome'}, 1, 2)")]
    [InlineData("weather.get(city='a', city='b')")]
    [InlineData("[weather.get(city=clock())]")]
    public void Parse_UnreadableArguments_IsAFindingAndNoCall(string text)
    {
        var reading = PythonCalls.Parse(text, Tools);
        Assert.Empty(reading.Calls);
        Assert.Single(reading.Findings);
    }

    [Theory]
    [InlineData("The weather in Rome is fine.")]
    [InlineData("See print(x) or [foo(1)] in the manual.")]
    [InlineData("[weather.get(city='Rome'")]
    [InlineData("")]
    [InlineData("[1, 2]")]
    [InlineData("```")]
    [InlineData("```python\nprint(\"hi\")\n```")]
    [InlineData("In Python that is:\n```python\nprint(\"hi\")\n```\nwhich greets.")]
    [InlineData("You could call it like this:\n```python\nweather.get(city='Rome')\n```")]
    [InlineData("```python\nweather.get(city='Rome')\n```\nThe code above asks for the weather.")]
    public void Parse_NoCalls_IsNone(string text)
    {
        var reading = PythonCalls.Parse(text, Tools);
        Assert.Empty(reading.Calls);
        Assert.Empty(reading.Findings);
    }

    [Fact]
    public void Parse_SeveralInOneAnswer_KeepsTheirOrder() =>
        Assert.Equal(["clock", "weather.get", "clock"], PythonCalls.Parse("clock()\nweather.get(city='x')\nclock()", Tools).Calls.Select(call => call.Name));

    [Fact]
    public void Literal_RandomTexts_NeverThrows()
    {
        var random = new Random(7);
        const string Alphabet = "[](){},:'\"\\xuUn01.eE-+_ab rbTrueNone=\n";
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            PythonLiteral.Parse(text);
            PythonCalls.Parse(text, Tools);
        }
    }

    [Fact]
    public void Literal_DeepNesting_EndsSoon()
    {
        Assert.Null(PythonLiteral.Parse(new string('{', 100_000)));
        Assert.Null(PythonLiteral.Parse(new string('(', 100_000)));
        Assert.NotNull(PythonLiteral.Parse("[[[[[1]]]]]"));
    }
}
