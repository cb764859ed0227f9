using System.Text.Json;
using Countersign.Replay.Recordings;
using Countersign.Replay.Scoring;

namespace Countersign.Replay.Tests.Scoring;

public sealed class ReferenceCallsTests
{
    private const string Tools = """[{"name":"a.f","parameters":{"properties":{"n":{"type":"integer"},"s":{"type":"string"},"l":{"type":"array","items":{"type":"float"}}}}},{"name":"g","parameters":{"properties":{}}}]""";

    [Theory]
    [InlineData("""{"n":5,"s":"New York"}""", true)]
    [InlineData("""{"s":"new-york.","n":5}""", true)]
    [InlineData("""{"n":5}""", true)]
    [InlineData("""{"n":5,"l":[1.5,2.0]}""", true)]
    [InlineData("""{"n":5,"l":[1.5,2]}""", false)]
    [InlineData("""{"n":5.0}""", false)]
    [InlineData("""{"n":"5"}""", false)]
    [InlineData("""{"s":"New York"}""", false)]
    [InlineData("""{"n":5,"x":1}""", false)]
    [InlineData("{\"n\":", false)]
    public void Match_OneCall_FollowsTheReference(string arguments, bool expected) =>
        Assert.Equal(expected, Match("""[{"a.f":{"n":[5],"s":["New York",""],"l":[[1.5,2.0],""]}}]""", new RecordedCall("a_f", arguments)));

    [Fact]
    public void Match_SeveralCalls_AnyOrderButNoneMoreOrLess()
    {
        const string Reference = """[{"a.f_1":{"n":[1]}},{"a.f_2":{"n":[2]}},{"g":{}}]""";
        RecordedCall first = new("a.f", """{"n":1}"""), second = new("a.f", """{"n":2}"""), third = new("g", "{}");
        Assert.True(Match(Reference, third, second, first));
        Assert.False(Match(Reference, first, second));
        Assert.False(Match(Reference, first, first, third));
        Assert.False(Match(Reference, first, second, third, third));
    }

    private static bool Match(string reference, params RecordedCall[] calls)
    {
        using var parsed = JsonDocument.Parse(reference);
        using var tools = JsonDocument.Parse(Tools);
        return ReferenceCalls.Match(calls, [.. parsed.RootElement.EnumerateArray()], [.. tools.RootElement.EnumerateArray()]);
    }
}
