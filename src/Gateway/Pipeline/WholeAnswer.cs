using System.Buffers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Pipeline;

/// <summary>An answer that is sent in one piece, as JSON.</summary>
internal sealed class WholeAnswer(AnswerContext context) : ClientAnswer
{
    private readonly PooledBuffer body = new();
    private AnswerBuilder? builder;

    public override bool HasStarted => context.Http.Response.HasStarted;

    public override void Take(ChatEvent chatEvent)
    {
        if (chatEvent is WireFrames frames) body.Write(frames.Bytes.Span);
        else (builder ??= new AnswerBuilder()).Add(chatEvent);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask KeepAliveAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (builder is not null) WriteBuilt(builder.Build());
        return SendAsync(200, cancellationToken);
    }

    public override ValueTask FailAsync(Problem problem, CancellationToken cancellationToken)
    {
        body.Clear();
        return new ValueTask(ProblemResponse.WriteAsync(context, problem, cancellationToken));
    }

    public override void Dispose() => body.Dispose();

    private void WriteBuilt(ChatAnswer answer)
    {
        using var countersign = new PooledBuffer();
        if (context.Plan.IsGated) Provenance.Write(context.RequestId, context.Plan, context.Trace, countersign);
        context.NewWriter().WriteWhole(answer, context.Trace.TotalUsage, countersign.Written.Span, body);
    }

    private async ValueTask SendAsync(int status, CancellationToken cancellationToken)
    {
        var response = context.Begin(status, "application/json");
        response.ContentLength = body.Written.Length;
        await response.BodyWriter.WriteAsync(body.Written, cancellationToken);
    }
}
