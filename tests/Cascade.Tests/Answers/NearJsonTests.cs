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
    public void Read_BeyondMending_SaysWhy(string text, string error)
    {
        var reading = NearJson.Read(text);
        Assert.Null(reading.Value);
        Assert.Equal(error, reading.Error);
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
