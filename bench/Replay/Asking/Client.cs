using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;
using Countersign.Replay.Recordings;

namespace Countersign.Replay.Asking;

/// <summary>An answer that the client got.</summary>
/// <param name="Question">The question's id.</param>
/// <param name="RequestId">The request's id at the gateway.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The text of the answer.</param>
/// <param name="Calls">Its tool calls.</param>
/// <param name="IsWhole">Whether it came to its end.</param>
/// <param name="Usage">The tokens that the client was told of; <c>null</c> where it was told of none.</param>
internal sealed record Answered(string Question, string RequestId, int Status, string Text, IReadOnlyList<RecordedCall> Calls, bool IsWhole, Usage? Usage = null);

/// <summary>A client of the gateway's HTTP API, as any program would be one.</summary>
internal sealed class Client(Uri gateway) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>Asks <paramref name="model"/>, a route or a deployment, a question.</summary>
    public Task<Answered> AskAsync(RecordedQuestion question, string model, bool stream, CancellationToken cancellationToken) => AskAsync(question, model, stream, seed: null, cancellationToken);

    /// <summary>The same, with a seed for the sample.</summary>
    public async Task<Answered> AskAsync(RecordedQuestion question, string model, bool stream, int? seed, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json(question.Request(model, stream, seed)) };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        string id = response.Headers.TryGetValues("x-countersign-request-id", out var ids) ? ids.First() : "";
        int status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode) return new Answered(question.Id, id, status, "", [], IsWhole: false);
        var events = new List<ChatEvent>();
        bool isWhole = await ReadAsync(response, stream, events, cancellationToken);
        var builder = new AnswerBuilder();
        foreach (var chatEvent in events) builder.Add(chatEvent);
        var answer = builder.Build();
        var choice = answer.Choices is [var first, ..] ? first : new ChatChoice { Index = 0 };
        return new Answered(question.Id, id, status, choice.Text, [.. choice.ToolCalls.Select(call => new RecordedCall(call.Name, call.Arguments))], isWhole, answer.Usage);
    }

    /// <summary>What the ledger has of a request, as the gateway shows it.</summary>
    public async Task<LedgerView> LedgerOfAsync(string requestId, CancellationToken cancellationToken)
    {
        await using var body = await http.GetStreamAsync($"/v1/requests/{requestId}", cancellationToken);
        return (await JsonSerializer.DeserializeAsync(body, LedgerViewJson.Default.LedgerView, cancellationToken))!;
    }

    /// <summary>Reports what became of a request.</summary>
    public async Task ReportAsync(string requestId, bool success, CancellationToken cancellationToken)
    {
        byte[] outcome = JsonSerializer.SerializeToUtf8Bytes(new OutcomeReport(requestId, success, "replay"), LedgerViewJson.Default.OutcomeReport);
        using var response = await http.PostAsync("/v1/outcomes", Json(outcome), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => http.Dispose();

    /// <summary>Reads the answer's events; whether it came to its end.</summary>
    private static async Task<bool> ReadAsync(HttpResponseMessage response, bool stream, List<ChatEvent> events, CancellationToken cancellationToken)
    {
        var reader = WireApi.For(WireApiKind.OpenAiChat).NewAnswerReader();
        if (!stream)
        {
            reader.ReadWhole(await response.Content.ReadAsByteArrayAsync(cancellationToken), events);
            return true;
        }

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await foreach (var item in SseParser.Create(body, (_, data) => data.ToArray()).EnumerateAsync(cancellationToken))
            {
                reader.ReadFrame(Encoding.UTF8.GetBytes(item.EventType is "message" ? "" : item.EventType), item.Data, events);
            }

            return reader.IsComplete;
        }
        catch (Exception exception) when (exception is Protocol.Problems.ProblemException or HttpIOException)
        {
            return false; // A stream that nothing judged broke after its beginning; the client keeps what it has.
        }
    }

    private static ByteArrayContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
