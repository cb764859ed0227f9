using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Tests.Upstreams;

/// <summary>What a proper upstream says, in each API: the text <c>Hello!</c> of the model <c>fake-0613</c>, 1000 tokens in (200 of them cached), 100 out.</summary>
internal static class ApiAnswers
{
    public static bool WantsStream(HttpContext context) => IsGemini(context, "streamGenerateContent") || Field(context, "stream") is { ValueKind: JsonValueKind.True };

    /// <summary>The whole answer.</summary>
    public static string Whole(HttpContext context) => context.Request.Path.Value switch
    {
        "/v1/chat/completions" =>
            """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"fake-0613","choices":[{"index":0,"message":{"role":"assistant","content":"Hello!"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":200}}}""",
        "/v1/responses" => $$"""{"id":"resp_1","object":"response","created_at":1{{ResponseBody}}}""",
        "/v1/messages" =>
            """{"id":"msg_1","type":"message","role":"assistant","model":"fake-0613","content":[{"type":"text","text":"Hello!"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":800,"cache_read_input_tokens":200,"cache_creation_input_tokens":0,"output_tokens":100}}""",
        "/v1/messages/count_tokens" => """{"input_tokens":42}""",
        "/v1/embeddings" =>
            """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.25]}],"model":"fake-0613","usage":{"prompt_tokens":7,"total_tokens":7}}""",
        _ when IsGemini(context, "generateContent") => GeminiAnswer("Hello!", ",\"finishReason\":\"STOP\""),
        _ => throw new NotSupportedException(context.Request.Path),
    };

    /// <summary>The frames of the streamed answer; the last one is the terminal frame.</summary>
    public static string[] Frames(HttpContext context) => context.Request.Path.Value switch
    {
        "/v1/chat/completions" => ChatFrames(Field(context, "stream_options") is { ValueKind: JsonValueKind.Object } options && options.GetProperty("include_usage").GetBoolean()),
        "/v1/responses" => ResponseFrames,
        "/v1/messages" => MessageFrames,
        _ when IsGemini(context, "streamGenerateContent") => GeminiFrames,
        _ => throw new NotSupportedException(context.Request.Path),
    };

    private const string ResponseBody =
        ""","status":"completed","model":"fake-0613","output":[{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello!","annotations":[]}]}],"usage":{"input_tokens":1000,"input_tokens_details":{"cached_tokens":200},"output_tokens":100,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":1100}""";

    private static string[] ChatFrames(bool withUsage)
    {
        const string Head = """{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"fake-0613","created":1""";
        string usage = withUsage ? ",\"usage\":null" : "";
        string Chunk(string delta, string finish) => $$"""data: {{Head}},"choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]{{usage}}}""" + "\n\n";
        string[] chunks = [Chunk("""{"role":"assistant","content":""}""", "null"), Chunk("""{"content":"Hel"}""", "null"), Chunk("""{"content":"lo!"}""", "null"), Chunk("{}", "\"stop\"")];
        string[] last = ["data: [DONE]\n\n"];
        return withUsage
            ? [.. chunks, "data: " + Head + ""","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":200}}}""" + "\n\n", .. last]
            : [.. chunks, .. last];
    }

    private static string[] ResponseFrames =>
    [
        Named("response.created", ""","response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","model":"fake-0613","output":[],"usage":null}"""),
        Named("response.output_item.added", ""","output_index":0,"item":{"type":"message","id":"msg_1","status":"in_progress","role":"assistant","content":[]}"""),
        Named("response.output_text.delta", ""","item_id":"msg_1","delta":"Hel","output_index":0,"content_index":0"""),
        Named("response.output_text.delta", ""","item_id":"msg_1","delta":"lo!","output_index":0,"content_index":0"""),
        Named("response.completed", $$""","response":{"id":"resp_1","object":"response","created_at":1{{ResponseBody}}}"""),
    ];

    private static string[] MessageFrames =>
    [
        Named("message_start", ""","message":{"id":"msg_1","type":"message","role":"assistant","model":"fake-0613","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":800,"cache_read_input_tokens":200,"cache_creation_input_tokens":0,"output_tokens":1}}"""),
        Named("content_block_start", ""","index":0,"content_block":{"type":"text","text":""}"""),
        Named("ping", ""),
        Named("content_block_delta", ""","index":0,"delta":{"type":"text_delta","text":"Hel"}"""),
        Named("content_block_delta", ""","index":0,"delta":{"type":"text_delta","text":"lo!"}"""),
        Named("content_block_stop", ""","index":0"""),
        Named("message_delta", ""","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":100}"""),
        Named("message_stop", ""),
    ];

    private static string[] GeminiFrames =>
        [.. new[] { GeminiAnswer("He", ""), GeminiAnswer("l", ""), GeminiAnswer("lo!", ""), GeminiAnswer("", ",\"finishReason\":\"STOP\"") }.Select(data => $"data: {data}\r\n\r\n")];

    private static string GeminiAnswer(string text, string finish) =>
        $$$"""{"candidates":[{"content":{"parts":[{"text":"{{{text}}}"}],"role":"model"}{{{finish}}}}],"usageMetadata":{"promptTokenCount":1000,"cachedContentTokenCount":200,"candidatesTokenCount":60,"thoughtsTokenCount":40,"totalTokenCount":1100},"modelVersion":"fake-0613","responseId":"r_1"}""";

    private static bool IsGemini(HttpContext context, string method) => context.Request.Path.Value!.EndsWith($":{method}", StringComparison.Ordinal);

    private static string Named(string type, string fields) => $$"""event: {{type}}{{"\n"}}data: {"type":"{{type}}"{{fields}}}""" + "\n\n";

    private static JsonElement? Field(HttpContext context, string name)
    {
        using var document = JsonDocument.Parse((string)context.Items["body"]!);
        return document.RootElement.TryGetProperty(name, out var value) ? value.Clone() : null;
    }
}
