using Countersign.Cascade.Answers;

namespace Countersign.Cascade.Tests.Answers;

public sealed class NearJsonTests
{
    [Theory]
    [InlineData("{\"a\": 1}", "{\"a\":1}")]
    [InlineData("Sure:\n```json\n{\"a\": 1}\n```\nDone.", "{\"a\":1}")]
    [InlineData("{\"a\": [1, 2,], }", "{\"a\":[1,2]}")]
    [InlineData("{'a': 'it's', \"b\": None, c: True}", "{\"a\":\"it's\",\"b\":null,\"c\":true}")]
    [InlineData("{\"a\": 1, // one\n /* two */ \"b\": 2}", "{\"a\":1,\"b\":2}")]
    [InlineData("{\"a\": \"\\frac{1}{2} \\times \\(x\\) \\neq \\nu\"}", "{\"a\":\"\\\\frac{1}{2} \\\\times \\\\(x\\\\) \\\\neq \\\\nu\"}")]
    [InlineData("{\"a\": \"one\ntwo\\nthree \\d\"}", "{\"a\":\"one\\ntwo\\nthree \\\\d\"}")]
    [InlineData("{\"a\": \"[\"x\", \"y\"]\", \"b\": 2}", "{\"a\":\"[\\\"x\\\", \\\"y\\\"]\",\"b\":2}")]
    [InlineData("{\"a\": 1 \"b\": +2.50, \"c\": .5}", "{\"a\":1,\"b\":2.50,\"c\":0.5}")]
    [InlineData("The set \\([1]\\) gives {\"a\": 1}", "{\"a\":1}")]
    [InlineData("First [1, 2] and then [1, 2, 3]", "[1,2,3]")]
    [InlineData("{\"a\": 1,} or {\"a\": 1, \"b\": 2}", "{\"a\":1}")]
    [InlineData("[{\"a\": 1}, {\"a\": 2},]", "[{\"a\":1},{\"a\":2}]")]
    public void Read_NearJson_IsMended(string text, string json)
    {
        var reading = NearJson.Read(text);
        Assert.NotNull(reading.Value);
        Assert.Equal(json, System.Text.RegularExpressions.Regex.Replace(reading.Value.Value.GetRawText(), "(?<=[:,\\[{}\\]])\\s+(?=[\"\\d\\[{])", ""));
    }

    [Theory]
    [InlineData("{\"a\": [1, 2", "The JSON breaks off before it is complete.")]
    [InlineData("{\"a\": \"unfinis", "The JSON breaks off before it is complete.")]
    [InlineData("no JSON here", "The answer holds no JSON object or array.")]
    [InlineData("{\"a\": nonsense}", "The answer is no JSON at line 1, byte 8.")]
    [InlineData("[\"red\"\n \"green\",\"blue\"]", "A text holds quotation marks that are not escaped, so that its end is uncertain.")]
    [InlineData("{\"a\": \"x\"\n \"y\"}", "A text holds quotation marks that are not escaped, so that its end is uncertain.")]
    [InlineData("[\"a \"b\", \"c\" d\"]", "A text holds quotation marks that are not escaped, so that its end is uncertain.")]
    [InlineData("{\"a\": \"he said \"yes\", \"b\": 1}", "A text holds quotation marks that are not escaped, so that its end is uncertain.")]
    [InlineData("{'a': '\\ud800'}", "A text holds half a character.")]
    [InlineData("{\"a\": \"\\ud800\"}", "A text holds half a character.")]
    [InlineData("[1,250, 2,000]", "000 is no number of JSON: it begins with a zero.")]
    [InlineData("{\"zip\": 01234}", "01234 is no number of JSON: it begins with a zero.")]
    [InlineData("[1 250, 2 300]", "In an array a comma is missing between two values.")]
    [InlineData("So: [{\"a\": 1}, {\"a\": 01}]", "01 is no number of JSON: it begins with a zero.")]
    [InlineData("So: {\"a\": {\"b\": 1}, \"c\": \"unfin", "The JSON breaks off before it is complete.")]
    [InlineData("So: {\"s\": \"}\", \"n\": 01, \"b\": {\"c\": 1}}", "01 is no number of JSON: it begins with a zero.")]
    public void Read_BeyondMending_SaysWhy(string text, string error)
    {
        var reading = NearJson.Read(text);
        Assert.Null(reading.Value);
        Assert.Equal(error, reading.Error);
    }

    [Theory]
    [InlineData("Here: [{\"a\": 1}, {\"a\": 2}]", "[{\"a\": 1}, {\"a\": 2}]")]
    [InlineData("```json\n{\"text\":\"Hello\\ni am Bob\\ne poi: \\tan apple \\frac \\beta\"}\n```", "{\"text\":\"Hello\\ni am Bob\\ne poi: \\tan apple \\frac \\beta\"}")]
    [InlineData("{\"text\": \"Hello\\ni am Bob \\times\",}", "{\"text\":\"Hello\\ni am Bob \\times\"}")]
    [InlineData("{\"text\": \"by \\(x \\neq 0\\)\\ni am done\\n\\nTo you\"}", "{\"text\":\"by \\\\(x \\\\neq 0\\\\)\\ni am done\\n\\nTo you\"}")]
    [InlineData("{'a': 'x\\\ny'}", "{\"a\":\"x\\\\\\ny\"}")]
    public void Read_TextsOfNearJson_KeepWhatTheySay(string text, string json) => Assert.Equal(json, NearJson.Read(text).Value!.Value.GetRawText());

    [Fact]
    public void Read_ValidJsonInAFence_IsTheSameDocument()
    {
        var random = new Random(20261126);
        for (int round = 0; round < 3_000; round++)
        {
            string json = RandomJson.Container(random);
            string text = random.Next(3) switch { 0 => $"```json\n{json}\n```", 1 => $"Here it is:\n```\n{json}\n```\nAnything else?", _ => $"{json}\n\nThat is all." };
            var reading = NearJson.Read(text);
            Assert.True(reading.Value is not null, text);
            Assert.Equal(json, reading.Value.Value.GetRawText());
            Assert.Equal([NearJson.TextAround], reading.Mends);
        }
    }

    [Fact]
    public void Read_ValidJsonWithATrailingComma_SaysTheSame()
    {
        var random = new Random(20261127);
        for (int round = 0; round < 3_000; round++)
        {
            string json = RandomJson.Container(random);
            if (NearJson.Read($"{json[..^1]},{json[^1]}").Value is not { } mended) continue; // refused: {,}
            using var strict = System.Text.Json.JsonDocument.Parse(json);
            Assert.True(System.Text.Json.JsonElement.DeepEquals(strict.RootElement, mended), $"{json}\n{mended.GetRawText()}");
        }
    }

    [Fact]
    public void Read_HalfACharacterAsItIs_IsNoJson()
    {
        Assert.Null(NearJson.Read("{\"a\": \"\ud800\"}").Value);
        Assert.Null(NearJson.ReadStrict("{\"a\": \"\ud800\"}").Value);
    }

    [Fact]
    public void Read_ValidJson_IsNotTouched()
    {
        var reading = NearJson.Read(" {\"a\": \"\\ttab // no comment 'q' \"}");
        Assert.Empty(reading.Mends);
        Assert.Equal("\ttab // no comment 'q' ", reading.Value!.Value.GetProperty("a").GetString());
    }

    [Fact]
    public void Read_RandomlyDamagedJson_NeverThrowsAndAlwaysGivesJson()
    {
        var random = new Random(20261125);
        const string Inserts = "{}[]\"',:\\/#\n0e-t“”";
        const string Source = "{\"name\": \"Zoë \\\"x\\\" \\u00e9\", \"items\": [{\"n\": 1.5e3, \"ok\": true}, null, -2], 'q': 'it\\'s', \"t\": \"\\frac{1}{2}\"}";
        for (int round = 0; round < 5_000; round++)
        {
            var text = new System.Text.StringBuilder(Source);
            for (int edit = random.Next(1, 5); edit > 0; edit--)
            {
                int at = random.Next(text.Length);
                if (random.Next(2) == 0) text.Remove(at, 1);
                else text.Insert(at, Inserts[random.Next(Inserts.Length)]);
            }

            if (NearJson.Read(text.ToString()).Value is { } value) System.Text.Json.JsonDocument.Parse(value.GetRawText()).Dispose();
        }
    }
}
