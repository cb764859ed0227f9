using System.Text.Json;
using Countersign.Replay.Scoring;

namespace Countersign.Replay.Tests.Scoring;

public sealed class ReferenceTextsTests
{
    [Theory]
    [InlineData("number", "\"7\"", "3 + 4 = 7", true)]
    [InlineData("number", "\"7\"", "7.0", true)]
    [InlineData("number", "\"7\"", "7, because 3 + 4", false)]
    [InlineData("number", "\"-7\"", "It is -7.", true)]
    [InlineData("number", "\"7\"", "seven", false)]
    [InlineData("number", "\"7\"", "77777777777777777777777777777777777777777777777777", false)]
    [InlineData("choice", "\"B\"", "B) hen", true)]
    [InlineData("choice", "\"B\"", "The answer is B.", true)]
    [InlineData("choice", "\"B\"", "A) hen", false)]
    [InlineData("choice", "\"B\"", "Bees", false)]
    [InlineData("text", "\"AB-1\"", " AB-1\n", true)]
    [InlineData("text", "\"AB-1\"", "ab-1", false)]
    [InlineData("json", """{"a":1,"b":"x"}""", """{"b": "x", "a": 1.0}""", true)]
    [InlineData("json", """{"a":1}""", """{"a": 1, "b": 2}""", false)]
    [InlineData("json", """{"a":1}""", "```json\n{\"a\": 1}\n```", false)]
    public void Text_ByItsRule_IsRightOrNot(string rule, string reference, string text, bool isRight) =>
        Assert.Equal(isRight, ReferenceTexts.Match(text, JsonDocument.Parse(reference).RootElement, rule));

    [Fact]
    public void Rule_Unknown_IsAnError() =>
        Assert.Throws<InvalidDataException>(() => ReferenceTexts.Match("7", JsonDocument.Parse("\"7\"").RootElement, "guess"));
}
