using System.Text;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using static Countersign.Protocol.Tests.Wire.WireTesting;

namespace Countersign.Protocol.Tests.Wire;

public sealed class OpenAiProblemTests
{
    private static WireApi Chat => WireApi.For(WireApiKind.OpenAiChat);

    [Fact]
    public void Write_Problem_HasOpenAisForm() => Assert.Equal(
        """{"error":{"message":"'n' must be 1.","type":"invalid_request_error","param":"n","code":"invalid_request"}}""",
        Written(output => Chat.WriteProblem(new Problem(ProblemKind.InvalidRequest, "'n' must be 1.", "n"), output)));

    [Fact]
    public void Write_EveryKind_HasTypeAndCode()
    {
        foreach (var kind in Enum.GetValues<ProblemKind>())
        {
            string written = Written(output => Chat.WriteProblem(new Problem(kind, "x"), output));
            Assert.Equal(kind == ProblemKind.Internal, written.Contains("internal_error", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"too long","type":"t","param":"messages","code":"context_length_exceeded"}}""", ProblemKind.InvalidRequest, "too long", "messages", "context_length_exceeded")]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided: sk-abc***xyz"}}""", ProblemKind.UpstreamFailed, "The upstream refused the gateway's credentials (status 401).", null, null)]
    [InlineData(404, """{"error":{"message":"no such model","code":"model_not_found"}}""", ProblemKind.UpstreamFailed, "no such model", null, "model_not_found")]
    [InlineData(413, "", ProblemKind.TooLarge, "The upstream answered with status 413.", null, null)]
    [InlineData(422, """{"detail":[{"loc":["body"],"msg":"field required","input":"secret"},{"msg":"not an int"}]}""", ProblemKind.InvalidRequest, "field required; not an int", null, null)]
    [InlineData(429, """{"message":"slow down"}""", ProblemKind.RateLimited, "slow down", null, null)]
    [InlineData(500, "<html>oops</html>", ProblemKind.UpstreamFailed, "The upstream answered with status 500.", null, null)]
    [InlineData(503, """{"error":"loading model"}""", ProblemKind.UpstreamUnavailable, "loading model", null, null)]
    [InlineData(504, """{"detail":"late"}""", ProblemKind.Timeout, "late", null, null)]
    public void Read_ErrorAnswer_IsUnderstood(int status, string body, ProblemKind kind, string message, string? param, string? code)
    {
        var problem = Chat.ReadProblem(status, Encoding.UTF8.GetBytes(body));

        Assert.Equal(new Problem(kind, message, param, code, UpstreamStatus: status), problem);
    }

    [Fact]
    public void Read_LongMessage_IsShortened() =>
        Assert.Equal(501, Chat.ReadProblem(400, Encoding.UTF8.GetBytes($$$"""{"error":{"message":"{{{new string('x', 9000)}}}"}}""")).Message.Length);
}
