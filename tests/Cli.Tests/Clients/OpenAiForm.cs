using System.Text.Json;
using static Countersign.Cli.Tests.Clients.ScriptedModel;

namespace Countersign.Cli.Tests.Clients;

/// <summary>Replies in the form of OpenAI's API (https://platform.openai.com/docs/api-reference/chat): 1000 tokens in, of which 200 cached, 100 out.</summary>
internal static class OpenAiForm
{
    public const string Error = """{"error":{"message":"The upstream refuses.","type":"invalid_request_error","param":null,"code":null}}""";

    private const string Usage = """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":200,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";

    public static string Whole(ModelReply reply)
    {
        string message = reply.Tool is null
            ? $$"""{"role":"assistant","content":{{Quote(reply.Text!)}},"refusal":null,"annotations":[]}"""
            : $$"""{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":{{Quote(reply.Tool)}},"arguments":{{Quote(reply.Arguments!)}} } }]}""";
        return $$"""{"id":"chatcmpl-1","object":"chat.completion","created":1767225600,"model":"model-2026","choices":[{"index":0,"message":{{message}},"logprobs":null,"finish_reason":{{Finish(reply)}} }],"usage":{{Usage}},"service_tier":"default","system_fingerprint":"fp_1"}""";
    }

    public static IEnumerable<string> Frames(ModelReply reply)
    {
        yield return Delta("""{"role":"assistant","content":"","refusal":null}""");
        if (reply.Tool is not null)
        {
            yield return Delta($$"""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":{{Quote(reply.Tool)}},"arguments":""} }]}""");
            foreach (string part in Halves(reply.Arguments!)) yield return Delta($$"""{"tool_calls":[{"index":0,"function":{"arguments":{{Quote(part)}} } }]}""");
        }

        foreach (string part in Halves(reply.Text ?? "")) yield return Delta($$"""{"content":{{Quote(part)}} }""");
        yield return Chunk($$"""[{"index":0,"delta":{},"logprobs":null,"finish_reason":{{Finish(reply)}} }]""", "null");
        yield return Chunk("[]", Usage);
        yield return "data: [DONE]\n\n";
    }

    /// <summary>Without what was counted, as some servers answer.</summary>
    public static string Uncounted(ModelReply reply) => Whole(reply).Replace($",\"usage\":{Usage}", "", StringComparison.Ordinal);

    /// <summary>The same, streamed.</summary>
    public static IEnumerable<string> UncountedFrames(ModelReply reply) => Frames(reply).Where(frame => !frame.Contains(Usage, StringComparison.Ordinal));

    public static string Embeddings(JsonElement request)
    {
        bool isBase64 = request.TryGetProperty("encoding_format", out var encoding) && encoding.GetString() == "base64";
        string vector = isBase64 ? "\"AAAAPwAAgL4=\"" : "[0.5,-0.25]"; // The same two floats.
        return $$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{vector}} }],"model":"model-2026","usage":{"prompt_tokens":7,"total_tokens":7} }""";
    }

    public static string[] Halves(string text) => text.Length < 2 ? [text] : [text[..(text.Length / 2)], text[(text.Length / 2)..]];

    private static string Finish(ModelReply reply) => reply.Tool is null ? "\"stop\"" : "\"tool_calls\"";

    private static string Delta(string delta) => Chunk($$"""[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":null}]""", "null");

    private static string Chunk(string choices, string usage) =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1767225600,"model":"model-2026","system_fingerprint":"fp_1","choices":{{choices}},"usage":{{usage}} }""" + "\n\n";
}
