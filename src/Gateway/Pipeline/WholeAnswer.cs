using System.Buffers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Pipeline;

/// <summary>An answer that is sent in one piece, as JSON.</summary>
internal sealed class WholeAnswer(HttpContext http, Asked asked) : ClientAnswer
{
    private readonly PooledBuffer body = new();
    private AnswerBuilder? builder;

    public override bool HasStarted => http.Response.HasStarted;

    public override void Take(ChatEvent chatEvent)
    {
        if (chatEvent is WireFrames frames) body.Write(frames.Bytes.Span);
        else (builder ??= new AnswerBuilder()).Add(chatEvent);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask KeepAliveAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (builder is not null) WriteBuilt(builder.Build());
        var response = http.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Written.Length;
        Provenance.SetHeaders(response.Headers, asked.Plan, asked.Trace);
        await response.BodyWriter.WriteAsync(body.Written, cancellationToken);
    }

    public override ValueTask FailAsync(Problem problem, CancellationToken cancellationToken)
    {
        Provenance.SetHeaders(http.Response.Headers, asked.Plan, asked.Trace);
        return new ValueTask(ProblemResponse.WriteAsync(http, asked.Api ?? WireApiKind.OpenAiChat, problem, cancellationToken));
    }

    public override void Dispose() => body.Dispose();

    private void WriteBuilt(ChatAnswer answer)
    {
        using var countersign = new PooledBuffer();
        if (asked.Plan.IsGated) Provenance.Write(asked.Arrival.Id, asked.Plan, asked.Trace, countersign);
        asked.NewWriter().WriteWhole(answer, asked.Trace.TotalUsage, countersign.Written.Span, body);
    }
}
