using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Batches;

/// <summary>A line of a batch's input: a chat request.</summary>
/// <param name="CustomId">What its answer is found by: its <c>custom_id</c>, or <c>line-N</c> for a bare body.</param>
/// <param name="Digest">Tells whether an answer belongs to this request and route.</param>
/// <param name="Body">The request as the pipeline takes it: <c>model</c> is the route, nothing is streamed.</param>
internal sealed record BatchLine(string CustomId, string Digest, byte[] Body)
{
    /// <summary>Reads the lines of a file as they are asked for; empty ones are passed over.</summary>
    /// <exception cref="ProblemException">A line is no chat request, or has the <c>custom_id</c> of an earlier one.</exception>
    public static IEnumerable<BatchLine> ReadAll(string path, string route)
    {
        HashSet<string> seen = [];
        int number = 0;
        foreach (string text in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            var line = Read(text, number, route);
            if (!seen.Add(line.CustomId)) throw Wrong(number, $"the custom_id '{line.CustomId}' stands in an earlier line already");
            yield return line;
        }
    }

    private static BatchLine Read(string text, int number, string route)
    {
        var json = Parse(text, number);
        bool isBatchForm = json.ContainsKey("body");
        if (isBatchForm && json["url"] is { } url && url.ToString() != "/v1/chat/completions") throw Wrong(number, $"its url is '{url}', and only /v1/chat/completions is run");
        var body = !isBatchForm ? json : json["body"] as JsonObject ?? throw Wrong(number, "its body is no object");
        string id = !isBatchForm ? $"line-{number}" : json["custom_id"] is JsonValue given && given.TryGetValue(out string? name) && name.Length > 0 ? name : throw Wrong(number, "it has no custom_id");
        body["model"] = route;
        body.Remove("stream");
        body.Remove("stream_options");
        byte[] bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        return new BatchLine(id, Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)), bytes);
    }

    private static JsonObject Parse(string text, int number)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw Wrong(number, "it is no JSON object");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw Wrong(number, $"it is no JSON object: {exception.Message}");
        }
    }

    private static ProblemException Wrong(int number, string what) =>
        ProblemException.Invalid($"Line {number} of the input cannot be run: {what}. A line is a chat request, or {{\"custom_id\": ..., \"body\": a chat request}}.", "input");
}
