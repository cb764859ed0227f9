using System.Globalization;
using System.Text;

namespace Countersign.Load.Bench;

/// <summary>What the upstream answers, always the same, as HTTP bytes made once.</summary>
internal static class ConstantAnswers
{
    private const int Chunks = 64;
    private const string Head = """{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1750000000,"model":"bench","choices":[""";
    private const string Text = "Order 5128-K is with the carrier, and a trace is under way. The set 41-310-F is in stock; a courier to 04109 costs 48 euros today and arrives before six. "
        + "So far a replacement was offered on Monday, and nothing else was promised.";

    /// <summary>The body of a whole answer.</summary>
    public static readonly byte[] Whole = Body($"\"{Text}\"");

    /// <summary>The answer that fits the gated question's schema.</summary>
    public const string Structured = """{"order":"5128-K","parts":["41-310-F"],"total":48}""";

    /// <summary>All frames of a stream, as a client gets them who did not ask for usage.</summary>
    public static readonly byte[] Frames = Encoding.UTF8.GetBytes(string.Concat(Frame(Words())) + "data: [DONE]\n\n");

    public static readonly byte[] WholeResponse = Response(Whole), StructuredResponse = Response(Body(Quoted(Structured)));

    public static readonly byte[] StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray();

    /// <summary>The chunks of a stream before its end, each as the upstream sends it.</summary>
    public static readonly byte[][] StreamChunks = [.. Frame(Words()).Select(Chunked)], StructuredChunks = [.. Frame(Structured.Chunk(4)).Select(Chunked)];

    /// <summary>The end of a stream; the other one has the usage that a caller asked for.</summary>
    public static readonly byte[] StreamEnd = [.. Chunked("data: [DONE]\n\n"), .. "0\r\n\r\n"u8];

    public static readonly byte[] StreamEndWithUsage =
        [.. Chunked($"data: {Head}],\"usage\":{{\"prompt_tokens\":310,\"completion_tokens\":64,\"total_tokens\":374}}}}\n\n"), .. StreamEnd];

    private static IEnumerable<char[]> Words() => Enumerable.Range(0, Chunks).Select(static i => $" word{i:00}".ToCharArray());

    private static IEnumerable<string> Frame(IEnumerable<char[]> pieces)
    {
        string role = "\"role\":\"assistant\",";
        foreach (char[] piece in pieces)
        {
            yield return $"data: {Head}{{\"index\":0,\"delta\":{{{role}\"content\":{Quoted(new string(piece))}}},\"finish_reason\":null}}]}}\n\n";
            role = "";
        }

        yield return $"data: {Head}{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}]}}\n\n";
    }

    private static byte[] Body(string content) => Encoding.UTF8.GetBytes(
        $$$$"""{"id":"chatcmpl-bench","object":"chat.completion","created":1750000000,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":{{{{content}}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":310,"completion_tokens":58,"total_tokens":368,"prompt_tokens_details":{"cached_tokens":0}}}""");

    private static byte[] Response(byte[] body) => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n")), .. body];

    private static byte[] Chunked(string text) => Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    private static string Quoted(string json) => $"\"{json.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
