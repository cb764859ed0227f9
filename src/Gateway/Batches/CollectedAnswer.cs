using System.Buffers;
using System.Text.Json;
using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Batches;

/// <summary>An answer that becomes a line of a batch's output, in the form of OpenAI's batches.</summary>
internal sealed class CollectedAnswer(AskedChat asked, BatchLine line, BatchOutput output) : ClientAnswer
{
    private readonly PooledBuffer body = new();
    private AnswerBuilder? builder;
    private byte[] written = [];
    private IOException? broken;

    /// <summary>Why there is no answer; <c>null</c> where there is one.</summary>
    public Problem? Problem { get; private set; }

    public override bool HasStarted => false;

    public override void Take(ChatEvent chatEvent)
    {
        if (chatEvent is WireFrames frames) body.Write(frames.Bytes.Span);
        else (builder ??= new AnswerBuilder()).Add(chatEvent);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask KeepAliveAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override async ValueTask SealAsync()
    {
        try
        {
            written = Line(WriteResponse);
            await output.JournalAsync(written);
        }
        catch (IOException exception)
        {
            broken = exception; // Told once the answer is billed.
        }
    }

    public override async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (broken is not null) throw broken;
        await output.AppendAsync(written);
    }

    public override async ValueTask FailAsync(Problem problem, CancellationToken cancellationToken)
    {
        Problem = problem;
        await output.AppendAsync(Line(json => WriteError(json, problem)));
    }

    public override void Dispose() => body.Dispose();

    private byte[] Line(Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>(body.Written.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", asked.Arrival.Id);
            json.WriteString("custom_id", line.CustomId);
            json.WriteString("digest", line.Digest);
            rest(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteResponse(Utf8JsonWriter json)
    {
        if (builder is not null) WriteBuilt(builder.Build());
        using var answer = JsonDocument.Parse(body.Written);
        json.WriteStartObject("response");
        json.WriteNumber("status_code", 200);
        json.WriteString("request_id", asked.Arrival.Id);
        json.WritePropertyName("body");
        answer.RootElement.WriteTo(json); // On one line, however the upstream wrote it.
        json.WriteEndObject();
        json.WriteNull("error");
    }

    private void WriteBuilt(ChatAnswer answer)
    {
        using var countersign = new PooledBuffer();
        if (asked.Plan.IsGated) Provenance.Write(asked.Arrival.Id, asked.Plan, asked.Trace, countersign);
        asked.NewWriter().WriteWhole(answer, asked.Trace.TotalUsage, countersign.Written.Span, body);
    }

    private static void WriteError(Utf8JsonWriter json, Problem problem)
    {
        json.WriteNull("response");
        json.WriteStartObject("error");
        json.WriteString("code", problem.Code ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.Kind.ToString()));
        json.WriteString("message", problem.Message);
        json.WriteEndObject();
    }
}
