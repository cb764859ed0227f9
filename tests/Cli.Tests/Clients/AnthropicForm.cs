using static Countersign.Cli.Tests.Clients.ScriptedModel;

namespace Countersign.Cli.Tests.Clients;

/// <summary>Replies in the form of Anthropic's Messages API (https://docs.anthropic.com/en/api/messages): 1000 tokens in, of which 200 cached, 100 out.</summary>
internal static class AnthropicForm
{
    public const string Error = """{"type":"error","error":{"type":"invalid_request_error","message":"The upstream refuses."},"request_id":"req_1"}""";

    private const string Head = "\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"model-2026\"";

    public static string Whole(ModelReply reply) =>
        $$"""{{{Head}},"content":[{{Block(reply)}}],"stop_reason":{{Stop(reply)}},"stop_sequence":null,"usage":{{Usage(100)}} }""";

    public static IEnumerable<string> Frames(ModelReply reply)
    {
        yield return Named("message_start", $$""","message":{{{Head}},"content":[],"stop_reason":null,"stop_sequence":null,"usage":{{Usage(1)}} }""");
        string begin = reply.Tool is null ? """{"type":"text","text":""}""" : $$"""{"type":"tool_use","id":"toolu_1","name":{{Quote(reply.Tool)}},"input":{} }""";
        yield return Named("content_block_start", $""","index":0,"content_block":{begin}""");
        yield return Named("ping", "");
        foreach (string part in OpenAiForm.Halves(reply.Text ?? reply.Arguments!))
            yield return Named("content_block_delta", $""","index":0,"delta":{Delta(reply, part)}""");
        yield return Named("content_block_stop", ""","index":0""");
        yield return Named("message_delta", $$""","delta":{"stop_reason":{{Stop(reply)}},"stop_sequence":null},"usage":{"output_tokens":100}""");
        yield return Named("message_stop", "");
    }

    private static string Block(ModelReply reply) => reply.Tool is null
        ? $$"""{"type":"text","text":{{Quote(reply.Text!)}},"citations":null}"""
        : $$"""{"type":"tool_use","id":"toolu_1","name":{{Quote(reply.Tool)}},"input":{{reply.Arguments}},"caller":{"type":"direct"} }""";

    private static string Delta(ModelReply reply, string part) => reply.Tool is null
        ? $$"""{"type":"text_delta","text":{{Quote(part)}} }"""
        : $$"""{"type":"input_json_delta","partial_json":{{Quote(part)}} }""";

    private static string Stop(ModelReply reply) => reply.Tool is null ? "\"end_turn\"" : "\"tool_use\"";

    private static string Usage(int output) =>
        $$"""{"input_tokens":800,"cache_creation_input_tokens":0,"cache_read_input_tokens":200,"output_tokens":{{output}},"service_tier":"standard"}""";

    private static string Named(string type, string fields) => $$"""event: {{type}}{{"\n"}}data: {"type":"{{type}}"{{fields}} }""" + "\n\n";
}
