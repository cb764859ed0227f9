using System.Buffers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Pipeline;

/// <summary>An answer that is sent as server-sent events. The head goes out with the first bytes, so that what fails before them still gets its proper status.</summary>
internal sealed class StreamedAnswer(AnswerContext context) : ClientAnswer
{
    private readonly PooledBuffer pending = new(), last = new();
    private AnswerWriter? writer;
    private bool headSent;

    public override bool HasStarted => headSent;

    private AnswerWriter Writer => writer ??= context.NewWriter();

    public override void Take(ChatEvent chatEvent)
    {
        if (chatEvent is WireFrames frames) (frames.IsLast ? last : pending).Write(frames.Bytes.Span);
        else Writer.WriteFrame(chatEvent, pending);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => pending.IsEmpty ? ValueTask.CompletedTask : SendAsync(pending, cancellationToken);

    public override ValueTask KeepAliveAsync(CancellationToken cancellationToken)
    {
        if (pending.IsEmpty) pending.Write(": keep-alive\n\n"u8);
        return SendAsync(pending, cancellationToken);
    }

    public override ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (context.Plan.IsGated) WriteProvenance();
        if (writer is not null) writer.WriteEnd(context.Trace.TotalUsage, pending);
        pending.Write(last.Written.Span);
        return SendAsync(pending, cancellationToken);
    }

    public override ValueTask FailAsync(Problem problem, CancellationToken cancellationToken)
    {
        if (!headSent) return new ValueTask(ProblemResponse.WriteAsync(context, problem, cancellationToken));
        Writer.WriteStreamProblem(problem, pending);
        return SendAsync(pending, cancellationToken);
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
        Provenance.Write(context.RequestId, context.Plan, context.Trace, pending);
        pending.Write("\n\n"u8);
    }

    private async ValueTask SendAsync(PooledBuffer bytes, CancellationToken cancellationToken)
    {
        if (!headSent) SendHead();
        await context.Http.Response.BodyWriter.WriteAsync(bytes.Written, cancellationToken);
        bytes.Clear();
    }

    private void SendHead()
    {
        var response = context.Begin(200, "text/event-stream; charset=utf-8");
        response.Headers.CacheControl = "no-cache";
        response.Headers["x-accel-buffering"] = "no";
        headSent = true;
    }
}
