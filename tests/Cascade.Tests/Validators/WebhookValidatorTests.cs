using System.Net;
using System.Text;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Cascade.Validators.Webhook;

namespace Countersign.Cascade.Tests.Validators;

public class WebhookValidatorTests
{
    [Theory]
    [InlineData(200, """{"verdict":"accept","score":0.9}""", VerdictKind.Accept, null)]
    [InlineData(200, """{"verdict":"reject","findings":["bad"]}""", VerdictKind.Reject, "bad")]
    [InlineData(200, """{"verdict":"reject"}""", VerdictKind.Reject, "It was rejected without a reason.")]
    [InlineData(200, """{"verdict":"accept","score":2}""", VerdictKind.Unknown, "The webhook's answer is no verdict.")]
    [InlineData(200, """{"verdict":"reject","findings":[1]}""", VerdictKind.Unknown, "The webhook's answer is no verdict.")]
    [InlineData(200, "fine", VerdictKind.Unknown, "The webhook's answer is no verdict.")]
    [InlineData(302, "", VerdictKind.Unknown, "The webhook answered with status 302.")]
    [InlineData(500, "", VerdictKind.Unknown, "The webhook answered with status 500.")]
    public async Task Verdict_IsTheAnswer(int status, string body, VerdictKind kind, string? finding)
    {
        var verdict = await Webhook(_ => Answer(status, body)).JudgeAsync("42");
        Assert.Equal((kind, finding), (verdict.Kind, verdict.Findings.Count > 0 ? verdict.Findings[0].Message : null));
    }

    [Fact]
    public async Task Request_IsThePostedDraftWithItsHeaders()
    {
        string? seen = null;
        await Webhook(request =>
        {
            seen = $"{request.Method} {request.RequestUri} {request.Headers.GetValues("x-key").Single()} {request.Content!.Headers.ContentType} {request.Content.ReadAsStringAsync().Result}";
            return Answer(200, """{"verdict":"accept"}""");
        }).JudgeAsync("forty-two");
        Assert.StartsWith("POST http://hook/judge s3cret application/json {\"route\":\"route\",", seen);
        Assert.Contains("forty-two", seen);
    }

    [Fact]
    public async Task Answer_TooLarge_IsUnknown() =>
        Assert.Equal("The webhook's answer is larger than 100 bytes.", (await Webhook(_ => Answer(200, new string(' ', 101))).JudgeAsync("42")).Findings[0].Message);

    [Fact]
    public async Task NoAnswerInTime_IsUnknown()
    {
        var time = new FakeTime();
        using var http = new HttpMessageInvoker(new Handler(async (_, token) =>
        {
            time.Advance(TimeSpan.FromSeconds(11));
            await Task.Delay(Timeout.InfiniteTimeSpan, time, token);
            return Answer(200, "");
        }));
        var verdict = await new WebhookValidator(Options, http).JudgeAsync("42", Drafts.Context(time: time));
        Assert.Equal("The webhook did not answer within 10 s.", verdict.Findings[0].Message);
    }

    [Fact]
    public async Task NobodyThere_IsUnknown() => Assert.Equal("The webhook cannot be reached.", (await Webhook(_ => throw new HttpRequestException("no")).JudgeAsync("42")).Findings[0].Message);

    [Theory]
    [InlineData("""{"url":"hook/judge"}""", "url")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "url")]
    [InlineData("""{"url":"http://hook","headers":{"a b":"c"}}""", "headers")]
    [InlineData("""{"url":"http://hook","max_response_bytes":0}""", "max_response_bytes")]
    public void Options_Wrong_AreRefused(string options, string param) => Assert.Equal(param, Drafts.Refused("webhook", options).Param);

    private static WebhookOptions Options => new() { Url = "http://hook/judge", Headers = new Dictionary<string, string> { ["x-key"] = "s3cret" }, MaxResponseBytes = 100 };

    private static WebhookValidator Webhook(Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        new(Options, new HttpMessageInvoker(new Handler((request, _) => Task.FromResult(answer(request)))));

    private static HttpResponseMessage Answer(int status, string body) => new((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };

    private sealed class Handler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }
}
