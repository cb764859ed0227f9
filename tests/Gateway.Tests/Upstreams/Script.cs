using System.Text;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Tests.Upstreams;

/// <summary>What a <see cref="FakeUpstream"/> can do with a request: answer as asked, or fail in one of the ways that real ones do.</summary>
internal static class Script
{
    /// <summary>A proper answer in the request's API, streamed where that was asked for.</summary>
    public static Func<HttpContext, Task> Answer() => context =>
        ApiAnswers.WantsStream(context) ? WriteFramesAsync(context, ApiAnswers.Frames(context), TimeSpan.Zero) : WriteAsync(context, 200, "application/json", ApiAnswers.Whole(context));

    /// <summary>A proper stream whose frames come one by one.</summary>
    public static Func<HttpContext, Task> Drip(TimeSpan between) => context => WriteFramesAsync(context, ApiAnswers.Frames(context), between);

    /// <summary>A proper stream, each of whose frames but the first waits for a release.</summary>
    public static Func<HttpContext, Task> EachWhen(SemaphoreSlim released) => async context =>
    {
        foreach (string frame in ApiAnswers.Frames(context))
        {
            await WriteFramesAsync(context, [frame], TimeSpan.Zero);
            await released.WaitAsync(context.RequestAborted);
        }
    };

    /// <summary>A refusal or failure in OpenAI's form.</summary>
    public static Func<HttpContext, Task> Error(int status, string message = "no", string? retryAfter = null) => context =>
    {
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return WriteAsync(context, status, "application/json", $$$"""{"error":{"message":"{{{message}}}","type":"error","param":null,"code":null}}""");
    };

    /// <summary>Exactly these bytes, in one write.</summary>
    public static Func<HttpContext, Task> Raw(string contentType, string body, int status = 200) => context => WriteAsync(context, status, contentType, body);

    /// <summary>No answer at all until the client leaves.</summary>
    public static Func<HttpContext, Task> Stall() => context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

    /// <summary>The first frames of a proper stream, then silence.</summary>
    public static Func<HttpContext, Task> StallAfter(int frames) => async context =>
    {
        await WriteFramesAsync(context, ApiAnswers.Frames(context).Take(frames), TimeSpan.Zero);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    };

    /// <summary>The first half of a proper whole answer, then silence.</summary>
    public static Func<HttpContext, Task> StallWithin() => async context =>
    {
        string whole = ApiAnswers.Whole(context);
        await WriteAsync(context, 200, "application/json", whole[..(whole.Length / 2)]);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    };

    /// <summary>The first frames of a proper stream, then the connection breaks.</summary>
    public static Func<HttpContext, Task> CutAfter(int frames) => async context =>
    {
        await WriteFramesAsync(context, ApiAnswers.Frames(context).Take(frames), TimeSpan.Zero);
        context.Abort();
    };

    /// <summary>The first frames of a proper stream, then a proper end of the body, as if that were all.</summary>
    public static Func<HttpContext, Task> EndAfter(int frames) => context => WriteFramesAsync(context, ApiAnswers.Frames(context).Take(frames), TimeSpan.Zero);

    /// <summary>An event stream that never ends its first line.</summary>
    public static Func<HttpContext, Task> EndlessLine() => async context =>
    {
        context.Response.ContentType = "text/event-stream";
        byte[] block = new byte[1 << 20];
        Array.Fill(block, (byte)'x');
        while (true) await context.Response.Body.WriteAsync(block, context.RequestAborted);
    };

    /// <summary>The connection breaks before any answer.</summary>
    public static Func<HttpContext, Task> HangUp() => context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Sends a whole body.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string contentType, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), context.RequestAborted);
    }

    /// <summary>Sends the frames of an event stream, one by one.</summary>
    public static async Task WriteFramesAsync(HttpContext context, IEnumerable<string> frames, TimeSpan between)
    {
        if (!context.Response.HasStarted) context.Response.ContentType = "text/event-stream";
        foreach (string frame in frames)
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(frame), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (between > TimeSpan.Zero) await Task.Delay(between, TimeProvider.System, context.RequestAborted);
        }
    }
}
