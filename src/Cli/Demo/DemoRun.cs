using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Countersign.Gateway.Ledger;

namespace Countersign.Cli.Demo;

/// <summary>Sends tasks to a gateway over HTTP, as any client would, and looks at what became of each.</summary>
internal sealed class DemoRun(HttpClient gateway)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Asks a task, reads its way back from the gateway, and reports to it whether the answer was right.</summary>
    public async Task<DemoResult> AskAsync(TaskKind kind, DemoTask task, CancellationToken cancellationToken)
    {
        using var response = await PostAsync("/v1/chat/completions", kind.RequestOf(task), cancellationToken);
        string id = response.Headers.GetValues("x-countersign-request-id").Single();
        string? answer = response.IsSuccessStatusCode ? TextOf(await response.Content.ReadAsStringAsync(cancellationToken)) : null;
        bool isRight = answer is not null && IsRight(task, answer);
        using var outcome = await PostAsync("/v1/outcomes", JsonSerializer.Serialize(new Outcome { RequestId = id, Success = isRight, Source = "known answer" }, LedgerJson.Default.Outcome), cancellationToken);
        outcome.EnsureSuccessStatusCode();
        string trace = await gateway.GetStringAsync($"/v1/requests/{id}", cancellationToken);
        return new DemoResult(JsonSerializer.Deserialize(trace, LedgerJson.Default.StoredRequest)!, answer, isRight);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = Json } };
        return await gateway.PostAsync(path, content, cancellationToken);
    }

    private static string TextOf(string body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "";
    }

    private static bool IsRight(DemoTask task, string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return task.IsRight(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
