using System.Text;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire.Gemini;

public class GeminiProblemTests
{
    [Fact]
    public void Quota_Spent_SaysWhenToComeBack()
    {
        var problem = Read(429, """{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}""");
        Assert.Equal((ProblemKind.RateLimited, "You exceeded your current quota.", "RESOURCE_EXHAUSTED", TimeSpan.FromSeconds(34.5)), (problem.Kind, problem.Message, problem.Code, problem.RetryAfter));
    }

    [Fact]
    public void Key_ThatIsWrong_IsTheGatewaysFaultAndNotTheCallers()
    {
        var problem = Read(400, """{"error":{"code":400,"message":"API key not valid: AIza123. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}""");
        Assert.Equal((ProblemKind.UpstreamFailed, 401), (problem.Kind, problem.UpstreamStatus));
        Assert.DoesNotContain("AIza", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prompt_ThatIsTooLong_HasTheCodeThatLetsAnotherModelTry()
    {
        var problem = Read(400, """{"error":{"code":400,"message":"The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}""");
        Assert.Equal((ProblemKind.InvalidRequest, "context_length_exceeded", 400), (problem.Kind, problem.Code, problem.UpstreamStatus));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"error\":{\"message\":7,\"details\":[{\"retryDelay\":\"soon\"},3]}}")]
    public void Body_OfAnyForm_IsAProblem(string body)
    {
        var problem = Read(500, body);
        Assert.Equal((ProblemKind.UpstreamFailed, 500, null), (problem.Kind, problem.UpstreamStatus, problem.RetryAfter));
        Assert.DoesNotContain("html", problem.Message, StringComparison.Ordinal);
    }

    private static Problem Read(int status, string body) => UpstreamApi.Of(WireApiKind.Gemini).ReadProblem(status, Encoding.UTF8.GetBytes(body));
}
