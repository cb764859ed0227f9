using System.Text;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Embeddings;
using static Countersign.Protocol.Tests.Wire.WireTesting;

namespace Countersign.Protocol.Tests.Wire.Embeddings;

public sealed class EmbeddingTests
{
    [Theory]
    [InlineData("\"a\"", new[] { "a" })]
    [InlineData("""["a","\u00e9"]""", new[] { "a", "é" })]
    [InlineData("[1,2]", new[] { "1 2" })]
    [InlineData("[[1,2],[3]]", new[] { "1 2", "3" })]
    [InlineData("""["a",[3]]""", new[] { "a", "3" })]
    public void Inputs_EveryForm_IsRead(string input, string[] expected) =>
        Assert.Equal(expected, Scan($$"""{"model":"m","input":{{input}}}""").Inputs.Select(i => i.Text ?? string.Join(' ', i.Tokens!)));

    [Fact]
    public void Scan_Fields_AreFound()
    {
        var request = Scan("""{"input":"a","model":"m","encoding_format":"base64","dimensions":64,"user":"u"}""");

        Assert.Equal(("m", EmbeddingEncoding.Base64, 64), (request.Model, request.Encoding, request.Dimensions));
        var least = Scan("""{"input":"a","model":"m","encoding_format":null}""");
        Assert.Equal((EmbeddingEncoding.Numbers, null), (least.Encoding, least.Dimensions));
    }

    [Theory]
    [InlineData("""{"input":"a"}""", "model")]
    [InlineData("""{"model":"","input":"a"}""", "model")]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":""}""", "input")]
    [InlineData("""{"model":"m","input":[]}""", "input")]
    [InlineData("""{"model":"m","input":{}}""", "input")]
    [InlineData("""{"model":"m","input":["a",""]}""", "input[1]")]
    [InlineData("""{"model":"m","input":["a",null]}""", "input[1]")]
    [InlineData("""{"model":"m","input":[1,-2]}""", "input[1]")]
    [InlineData("""{"model":"m","input":[1,"a"]}""", "input[1]")]
    [InlineData("""{"model":"m","input":[[1],[]]}""", "input[1]")]
    [InlineData("""{"model":"m","input":"a","dimensions":0}""", "dimensions")]
    [InlineData("""{"model":"m","input":"a","encoding_format":"int8"}""", "encoding_format")]
    [InlineData("""{"model":"m","input":"a","input":"b"}""", "input")]
    [InlineData("""{"model":"m","input":"a" """, null)]
    public void Read_WrongField_NamesTheParameter(string body, string? param)
    {
        var problem = Assert.Throws<ProblemException>(() => Scan(body).Inputs).Problem;

        Assert.Equal((ProblemKind.InvalidRequest, param), (problem.Kind, problem.Param));
    }

    [Fact]
    public void Inputs_TooMany_AreRefused() =>
        Assert.Throws<ProblemException>(() => Scan($$"""{"model":"m","input":[{{string.Join(',', Enumerable.Repeat("\"a\"", 2049))}}]}""").Inputs);

    [Fact]
    public void Forward_Request_ChangesTheModelOnly() => Assert.Equal(
        """{ "input":["a"], "model" : "up/é" ,"x":1.0}""",
        Written(output => EmbeddingWire.Forward(Scan("""{ "input":["a"], "model" : "m" ,"x":1.0}"""), "up/é", output)));

    [Fact]
    public void WriteAnswer_Float_HasOpenAisForm() => AssertSame(
        """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-1]},{"object":"embedding","index":1,"embedding":[]}],"model":"seen","usage":{"prompt_tokens":7,"total_tokens":7}}""",
        JsonNode.Parse(Written(output => EmbeddingWire.WriteAnswer(Scan("""{"model":"m","input":"a"}"""), "seen", [[0.1f, -1f], []], 7, output))));

    [Fact]
    public void WriteAnswer_Base64_IsLittleEndianFloats()
    {
        var request = Scan("""{"model":"m","input":"a","encoding_format":"base64"}""");

        var answer = JsonNode.Parse(Written(output => EmbeddingWire.WriteAnswer(request, "m", [[1f, -2.5f]], 1, output)))!;

        byte[] bytes = Convert.FromBase64String((string)answer["data"]![0]!["embedding"]!);
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0], bytes);
    }

    [Fact]
    public void WriteAnswer_NotANumber_IsAProblem() => Assert.Throws<ProblemException>(
        () => Written(output => EmbeddingWire.WriteAnswer(Scan("""{"model":"m","input":"a"}"""), "m", [[float.NaN]], 1, output)));

    [Theory]
    [InlineData("""{"data":[],"usage":{"prompt_tokens":5,"total_tokens":5}}""", 5L)]
    [InlineData("""{"data":[]}""", null)]
    public void ReadUsage_Answer_CountsTheInput(string answer, long? tokens)
    {
        var usage = EmbeddingWire.ReadUsage(Encoding.UTF8.GetBytes(answer));

        Assert.Equal(tokens is null ? null : new Usage { InputTokens = tokens, OutputTokens = 0 }, usage);
    }

    private static EmbeddingRequest Scan(string body) => EmbeddingRequestScanner.Scan(Encoding.UTF8.GetBytes(body));
}
