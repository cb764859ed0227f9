using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Gateway.Batches;

/// <summary>A line of a batch's input: a chat request.</summary>
/// <param name="CustomId">What its answer is found by: its <c>custom_id</c>, or <c>line-N</c> for a bare body.</param>
/// <param name="Digest">Tells whether an answer belongs to this request and route.</param>
/// <param name="Body">The request as the pipeline takes it: <c>model</c> is the route, nothing is streamed.</param>
internal sealed record BatchLine(string CustomId, string Digest, byte[] Body)
{
    /// <summary>Reads the lines of a file as they are asked for; empty ones are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="route">What answers.</param>
    /// <param name="wrong">Takes the lines that are no chat request, or have the <c>custom_id</c> of an earlier one.</param>
    public static IEnumerable<BatchLine> ReadAll(string path, string route, WrongLines wrong)
    {
        HashSet<string> seen = [];
        int number = 0;
        foreach (string text in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            var (line, what) = TryRead(text, number, route);
            if (line is not null && !seen.Add(line.CustomId)) what = $"the custom_id '{line.CustomId}' stands in an earlier line already";
            if (what is null) yield return line!;
            else wrong.Add($"Line {number} of the input cannot be run: {what}.");
        }
    }

    private static (BatchLine? Line, string? Wrong) TryRead(string text, int number, string route)
    {
        try
        {
            return Read(text, number, route);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException) // The latter two: a key that is there twice, half a surrogate pair.
        {
            return (null, $"it is no JSON object: {exception.Message.Split(" Path:")[0].Split(" LineNumber:")[0].TrimEnd('.')}"); // Not the place: a line stands alone.
        }
    }

    private static (BatchLine? Line, string? Wrong) Read(string text, int number, string route)
    {
        if (JsonNode.Parse(text) is not JsonObject json) return (null, "it is no JSON object");
        bool isBatchForm = json.ContainsKey("body");
        if (isBatchForm && json["url"] is { } url && url.ToString() != "/v1/chat/completions") return (null, $"its url is '{url}', and only /v1/chat/completions is run");
        if ((isBatchForm ? json["body"] : json) is not JsonObject body) return (null, "its body is no object");
        string? id = !isBatchForm ? $"line-{number}" : json["custom_id"] is JsonValue given && given.TryGetValue(out string? name) && name.Length > 0 ? name : null;
        if (id is null) return (null, "it has no custom_id");
        body["model"] = route;
        body.Remove("stream");
        body.Remove("stream_options");
        byte[] bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        return (new BatchLine(id, Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)), bytes), null);
    }
}
