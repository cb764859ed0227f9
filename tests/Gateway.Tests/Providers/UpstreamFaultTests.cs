using System.Net;
using System.Net.Sockets;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Tests.Upstreams;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Tests.Providers;

/// <summary>Everything that an upstream can do wrong becomes a problem in words; judged and passed through alike.</summary>
public abstract class UpstreamFaultTests(ProviderApi api) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);
    private HttpScene scene = null!;

    public async ValueTask InitializeAsync()
    {
        scene = await HttpScene.StartAsync();
        scene.Api = api;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await scene.DisposeAsync();
    }

    [Theory]
    [InlineData(400, ProblemKind.InvalidRequest)]
    [InlineData(404, ProblemKind.UpstreamFailed)]
    [InlineData(429, ProblemKind.RateLimited)]
    [InlineData(500, ProblemKind.UpstreamFailed)]
    [InlineData(503, ProblemKind.UpstreamUnavailable)]
    public async Task Status_OfRefusal_IsAProblemWithTheUpstreamsWordsThatCostsNothing(int status, ProblemKind kind)
    {
        scene.Upstream.Then(Script.Error(status, "model is loading", retryAfter: "7"));

        var problem = await FailAsync(stream: false);

        Assert.Equal((kind, status, "model is loading", TimeSpan.FromSeconds(7), "d"), (problem.Kind, problem.UpstreamStatus, problem.Message, problem.RetryAfter, problem.Source));
        Assert.Equal((AttemptStatus.Failed, Cost.Zero), (scene.Record.Status, scene.Record.Cost));
    }

    [Theory]
    [InlineData("Retry-After", "1.5", 1500.0)]
    [InlineData("Retry-After", "0", 0.0)]
    [InlineData("Retry-After", "-3", 0.0)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "NaN", null)]
    [InlineData("Retry-After", "Thu, 01 Jan 2015 00:00:00 GMT", 0.0)]
    [InlineData("retry-after-ms", "250.5", 250.5)]
    public async Task RetryAfter_HoweverItIsWritten_IsRead(string header, string value, double? milliseconds)
    {
        scene.Upstream.Then(http =>
        {
            (http.Response.StatusCode, http.Response.Headers[header]) = (429, value);
            return Task.CompletedTask;
        });

        Assert.Equal(milliseconds, (await FailAsync(stream: false)).RetryAfter?.TotalMilliseconds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Encoding_ThatNobodyAskedFor_IsSaid(bool stream)
    {
        scene.Upstream.Then(http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            http.Response.ContentType = stream ? "text/event-stream" : "application/json";
            return http.Response.Body.WriteAsync(new byte[] { 0x1F, 0x8B, 8 }).AsTask();
        });

        var problem = await FailAsync(stream);

        Assert.Equal((ProblemKind.UpstreamFailed, "answer_malformed"), (problem.Kind, problem.Code));
        Assert.Contains("gzip", problem.Message, StringComparison.Ordinal);
        Assert.False(scene.Upstream.Requests.Single().Headers.ContainsKey("Accept-Encoding"));
    }

    [Fact]
    public async Task Encoding_OfARefusal_HidesItsWordsButNotItsStatus()
    {
        scene.Upstream.Then(http =>
        {
            (http.Response.StatusCode, http.Response.Headers.ContentEncoding, http.Response.Headers.RetryAfter) = (429, "gzip", "7");
            return http.Response.Body.WriteAsync(new byte[] { 0x1F, 0x8B, 8 }).AsTask();
        });

        var problem = await FailAsync(stream: false);

        Assert.Equal((ProblemKind.RateLimited, 429, "The upstream answered with status 429.", TimeSpan.FromSeconds(7)), (problem.Kind, problem.UpstreamStatus, problem.Message, problem.RetryAfter));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(400)]
    [InlineData(500)]
    public async Task Key_RepeatedByTheUpstream_IsNotInTheProblem(int status)
    {
        scene.Upstream.Then(Script.Error(status, $"wrong key {HttpScene.Key} of blue-team"));

        var problem = await FailAsync(stream: false);

        Assert.DoesNotContain(HttpScene.Key, problem.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("blue-team", problem.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Retry_After429_AnswersAndBothAttemptsAreRecorded()
    {
        scene.Retry = new RetryOptions { Attempts = 1, Delay = TimeSpan.FromMilliseconds(1) };
        scene.Upstream.Then(Script.Error(429)).Then(Script.Answer());

        var events = await scene.AskAsync(HttpScene.Passed(WireApiKind.OpenAiChat, stream: true));

        Assert.DoesNotContain(events, e => e is AttemptFailed);
        Assert.Equal([AttemptStatus.Failed, AttemptStatus.Completed], scene.Trace.Attempts.Select(attempt => attempt.Status));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Stall_BeforeTheStream_IsAFirstTokenTimeout(bool passed)
    {
        scene.Timeouts = new TimeoutOptions { FirstToken = Soon };
        scene.Upstream.Then(Script.Stall());

        var problem = await FailAsync(stream: true, passed);

        Assert.Equal((ProblemKind.Timeout, "first_token_timeout"), (problem.Kind, problem.Code));
        Assert.Contains("0.3 s", problem.Message, StringComparison.Ordinal);
        Assert.Equal((AttemptStatus.TimedOut, false), (scene.Record.Status, scene.Record.Cost.IsComplete));
        await scene.Upstream.Aborted.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Stall_WithinTheStream_IsAnIdleTimeout(bool passed)
    {
        scene.Timeouts = new TimeoutOptions { Idle = Soon };
        scene.Upstream.Then(Script.StallAfter(2));

        var problem = await FailAsync(stream: true, passed);

        Assert.Equal((ProblemKind.Timeout, "idle_timeout"), (problem.Kind, problem.Code));
        await scene.Upstream.Aborted.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Drip_LongerThanTheTotal_IsATotalTimeout(bool passed)
    {
        scene.Timeouts = new TimeoutOptions { Total = Soon };
        scene.Upstream.Then(Script.Drip(TimeSpan.FromMilliseconds(120)));

        Assert.Equal("total_timeout", (await FailAsync(stream: true, passed)).Code);
    }

    [Fact]
    public async Task Stall_OfAWholeAnswer_IsATotalTimeout()
    {
        scene.Timeouts = new TimeoutOptions { Total = Soon, FirstToken = TimeSpan.FromMilliseconds(1), Idle = TimeSpan.FromMilliseconds(1) };
        scene.Upstream.Then(Script.Stall());

        Assert.Equal("total_timeout", (await FailAsync(stream: false)).Code);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Stall_WithinAWholeAnswer_IsAnIdleTimeout(bool passed)
    {
        scene.Timeouts = new TimeoutOptions { Total = TimeSpan.FromSeconds(20), Idle = Soon };
        scene.Upstream.Then(Script.StallWithin());

        Assert.Equal("idle_timeout", (await FailAsync(stream: false, passed)).Code);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Connection_BrokenWithinTheStream_IsACutAnswer(bool passed)
    {
        scene.Upstream.Then(Script.CutAfter(2));

        var problem = await FailAsync(stream: true, passed);

        Assert.Equal((ProblemKind.UpstreamFailed, "answer_cut"), (problem.Kind, problem.Code));
        Assert.False(scene.Record.Cost.IsComplete);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Stream_EndingWithoutItsTerminalFrame_IsACutAnswer(bool passed)
    {
        scene.Upstream.Then(Script.EndAfter(3));

        Assert.Equal("answer_cut", (await FailAsync(stream: true, passed)).Code);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Connection_BrokenBeforeTheAnswer_IsACutAnswer(bool passed)
    {
        scene.Upstream.Then(Script.HangUp());

        Assert.Equal("answer_cut", (await FailAsync(stream: false, passed)).Code);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Stream_OfBrokenJson_IsAProblem(bool passed)
    {
        scene.Upstream.Then(Script.Raw("text/event-stream", "data: {\"choices\":[{\n\ndata: [DONE]\n\n"));

        Assert.Equal(ProblemKind.UpstreamFailed, (await FailAsync(stream: true, passed)).Kind);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Body_OfBrokenJson_IsAProblem(bool passed)
    {
        scene.Upstream.Then(Script.Raw("application/json", "{\"choices\":["));

        Assert.Equal(ProblemKind.UpstreamFailed, (await FailAsync(stream: false, passed)).Kind);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Error_WithinTheStream_IsAProblem(bool passed)
    {
        scene.Upstream.Then(Script.Raw("text/event-stream", "data: {\"error\":{\"message\":\"out of memory\"}}\n\n"));

        Assert.Equal("out of memory", (await FailAsync(stream: true, passed)).Message);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ContentType_OtherThanAStream_IsAProblemThatNamesIt(bool passed)
    {
        scene.Upstream.Then(Script.Raw("text/html", "<html>log in first</html>"));

        var problem = await FailAsync(stream: true, passed);

        Assert.Contains("text/html", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("log in", problem.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Line_WithoutEnd_IsCutOffAtItsBound(bool passed)
    {
        scene.Upstream.Then(Script.EndlessLine());

        Assert.Contains("more than", (await FailAsync(stream: true, passed)).Message, StringComparison.Ordinal);
        await scene.Upstream.Aborted.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        scene.Upstream.Then(context =>
        {
            context.Response.Redirect("/v1/elsewhere");
            return Task.CompletedTask;
        }).Then(Script.Answer());

        Assert.Equal(302, (await FailAsync(stream: false)).UpstreamStatus);
        Assert.Single(scene.Upstream.Requests);
    }

    [Fact]
    public async Task Connection_Refused_IsUnavailableCostsNothingAndNamesNoAddress()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            scene.BaseUrl = new Uri($"http://{free.LocalEndpoint}/v1");
        }

        var problem = await FailAsync(stream: false);

        Assert.Equal((ProblemKind.UpstreamUnavailable, "connection_failed"), (problem.Kind, problem.Code));
        Assert.DoesNotContain("127.0.0.1", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(Cost.Zero, scene.Record.Cost);
    }

    [Fact]
    public async Task Connection_ThatNobodyAccepts_IsAConnectTimeout()
    {
        // A full backlog: the kernel drops further connection attempts.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(1);
        var clients = Enumerable.Range(0, 8).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        foreach (var client in clients) _ = client.ConnectAsync(deaf.LocalEndPoint!);
        scene.BaseUrl = new Uri($"http://{deaf.LocalEndPoint}/v1");
        scene.Timeouts = new TimeoutOptions { Connect = Soon };

        var problem = await FailAsync(stream: false);

        Assert.Equal((ProblemKind.Timeout, "connect_timeout"), (problem.Kind, problem.Code));
        Assert.Equal(Cost.Zero, scene.Record.Cost);
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Caller_WhoLeaves_IsSeenByTheUpstreamAtOnce(bool stream, bool passed)
    {
        scene.Upstream.Then(stream ? Script.StallAfter(2) : Script.Stall());
        using var caller = new CancellationTokenSource();
        var asking = Task.Run(async () =>
        {
            await foreach (var _ in scene.Build().AttemptAsync(Attempt(stream, passed), scene.Trace, caller.Token))
            {
            }
        }, TestContext.Current.CancellationToken);
        while (scene.Upstream.Requests.IsEmpty) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await scene.Upstream.Aborted.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(AttemptStatus.Cancelled, scene.Record.Status);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Caller_WhoStopsReading_IsSeenByTheUpstreamAtOnce(bool passed)
    {
        scene.Upstream.Then(Script.StallAfter(2));

        await foreach (var _ in scene.Build().AttemptAsync(Attempt(stream: true, passed), scene.Trace, TestContext.Current.CancellationToken)) break;

        await scene.Upstream.Aborted.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(AttemptStatus.CutOff, scene.Record.Status);
    }

    private async Task<Problem> FailAsync(bool stream, bool passed = false) =>
        Assert.IsType<AttemptFailed>((await scene.AskAsync(Attempt(stream, passed)))[^1]).Problem;

    private static AttemptRequest Attempt(bool stream, bool passed) =>
        passed ? HttpScene.Passed(WireApiKind.OpenAiChat, stream) : HttpScene.Judged(WireApiKind.OpenAiChat, stream);
}

public sealed class OpenAiFaultTests() : UpstreamFaultTests(ProviderApi.OpenAi);

public sealed class GeminiFaultTests() : UpstreamFaultTests(ProviderApi.Gemini);
