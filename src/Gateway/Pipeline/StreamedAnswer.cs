using System.Buffers;
using System.IO.Pipelines;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Pipeline;

/// <summary>An answer that is sent as server-sent events. The head goes out with the first bytes, so that what fails before them still gets its proper status.</summary>
internal sealed class StreamedAnswer(HttpContext http, Asked asked) : ClientAnswer
{
    private readonly PooledBuffer pending = new(), last = new();
    private AnswerWriter? writer;
    private PipeWriter? body;
    private bool headSent, isFailureTold;

    public override bool HasStarted => headSent;

    private AnswerWriter Writer => writer ??= asked.NewWriter();

    public override void Take(ChatEvent chatEvent)
    {
        var frames = chatEvent as WireFrames;
        var output = frames is { IsLast: true } ? last : pending;
        if (frames is not null && asked.Api != WireApiKind.OpenAiResponses) output.Write(frames.Bytes.Span);
        else Writer.WriteFrame(chatEvent, output); // It numbers its frames, also one that comes after others'.
        isFailureTold = frames is { TellFailure: true };
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => pending.IsEmpty ? ValueTask.CompletedTask : SendAsync(cancellationToken);

    public override ValueTask KeepAliveAsync(CancellationToken cancellationToken)
    {
        if (pending.IsEmpty) pending.Write(": keep-alive\n\n"u8);
        return SendAsync(cancellationToken);
    }

    public override ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (asked.Plan.IsGated) WriteProvenance();
        writer?.WriteEnd(asked.Trace.TotalUsage, pending);
        pending.Write(last.Written.Span);
        if (!headSent) SetHead();
        http.Response.BodyWriter.Write(pending.Written.Span); // Goes out with the mark of the body's end, in one piece.
        return ValueTask.CompletedTask;
    }

    public override ValueTask FailAsync(Problem problem, CancellationToken cancellationToken)
    {
        if (headSent)
        {
            if (!isFailureTold) Writer.WriteStreamProblem(problem, pending);
            return SendAsync(cancellationToken);
        }

        Provenance.SetHeaders(http.Response.Headers, asked.Plan, asked.Trace);
        return new ValueTask(ProblemResponse.WriteAsync(http, asked.Api ?? WireApiKind.OpenAiChat, problem, cancellationToken));
    }

    public override void Dispose()
    {
        pending.Dispose();
        last.Dispose();
    }

    /// <summary>A comment (HTML Living Standard, 9.2): SDKs ignore it, people and logs can read it, and it is right also where the head went out before there was a winner.</summary>
    private void WriteProvenance()
    {
        pending.Write(": countersign "u8);
        Provenance.Write(asked.Arrival.Id, asked.Plan, asked.Trace, pending);
        pending.Write("\n\n"u8);
    }

    /// <summary>Hardly ever waits: the transport takes what it is given, and sends it at once.</summary>
    private ValueTask SendAsync(CancellationToken cancellationToken)
    {
        if (!headSent) SetHead();
        body ??= http.Response.BodyWriter;
        var sending = body.WriteAsync(pending.Written, cancellationToken);
        if (!sending.IsCompletedSuccessfully) return SentAsync(sending);
        _ = sending.Result; // It is to be asked for, so that the writer can use its place again.
        pending.Clear();
        return ValueTask.CompletedTask;
    }

    private async ValueTask SentAsync(ValueTask<FlushResult> sending)
    {
        await sending;
        pending.Clear();
    }

    private void SetHead()
    {
        var response = http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["x-accel-buffering"] = "no";
        Provenance.SetHeaders(response.Headers, asked.Plan, asked.Trace);
        headSent = true;
    }
}
