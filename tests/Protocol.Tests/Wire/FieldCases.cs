using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>A request with one field more than it needs.</summary>
/// <param name="Api">The API that it comes in.</param>
/// <param name="Body">The request.</param>
/// <param name="Name">A word of the field's name that a refusal or warning must have.</param>
/// <param name="Carried">What the upstream's request holds where the field is carried, in any API.</param>
internal sealed record FieldCase(WireApiKind Api, string Body, string Name, params string[] Carried);

/// <summary>Every field of the requests that callers may send, from the public references of the APIs
/// (<see href="https://platform.openai.com/docs/api-reference/chat/create"/>, <see href="https://platform.openai.com/docs/api-reference/responses/create"/>,
/// <see href="https://docs.anthropic.com/en/api/messages"/>), with a value that changes something.</summary>
internal static class FieldCases
{
    private const string Schema = """{"type":"object","title":"schema-77"}""";

    public static IReadOnlyList<FieldCase> All { get; } = [.. Chat(), .. Responses(), .. Messages()];

    private static IEnumerable<FieldCase> Chat()
    {
        FieldCase Top(string name, string value, params string[] carried) => With($"\"{name}\":{value}", name, carried);
        FieldCase With(string fields, string name, params string[] carried) => Talk("""{"role":"user","content":"hi"}""", name, fields, carried);
        FieldCase Talk(string messages, string name, string? fields = null, params string[] carried) =>
            new(WireApiKind.OpenAiChat, $$"""{"model":"m","max_tokens":50,"messages":[{{messages}}]{{(fields is null ? "" : "," + fields)}}}""", name, carried);

        yield return Top("audio", """{"voice":"alloy-77","format":"wav"}""", "alloy-77");
        yield return Top("frequency_penalty", "0.77", "0.77");
        yield return Top("logit_bias", """{"50277":-100}""", "50277");
        yield return Top("logprobs", "true", "logprobs", "responseLogprobs");
        yield return With("\"logprobs\":true,\"top_logprobs\":7", "logprobs", "top_logprobs", "\"logprobs\":7");
        yield return Top("max_completion_tokens", "50", "50");
        yield return Top("metadata", """{"k":"meta-77"}""", "meta-77");
        yield return Top("modalities", """["text","audio"]""", "\"audio\"");
        yield return Top("n", "7", "\"n\":7", "candidateCount");
        yield return With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"parallel_tool_calls\":false", "parallel_tool_calls", "parallel_tool_calls", "disable_parallel_tool_use");
        yield return Top("prediction", """{"type":"content","content":"predicted-77"}""", "predicted-77");
        yield return Top("presence_penalty", "0.77", "0.77");
        yield return Top("prompt_cache_key", "\"key-77\"", "key-77");
        yield return Top("prompt_cache_retention", "\"24h\"", "24h");
        yield return Top("reasoning_effort", "\"high\"", "high");
        yield return Top("response_format", """{"type":"json_object"}""", "json_object", "application/json");
        yield return Top("response_format", $$$"""{"type":"json_schema","json_schema":{"name":"x","schema":{{{Schema}}}}}""", "schema-77");
        yield return With($$$"""
            "response_format":{"type":"json_schema","json_schema":{"name":"x","description":"description-77","schema":{{{Schema}}}}}
            """, "format.description", "description-77");
        yield return With($$$"""
            "response_format":{"type":"json_schema","json_schema":{"name":"x","strict":false,"schema":{{{Schema}}}}}
            """, "format.strict", "\"strict\":false");
        yield return Top("response_format", """{"type":"grammar","grammar":"root-77"}""", "root-77");
        yield return Top("safety_identifier", "\"user-77\"", "user-77");
        yield return Top("seed", "77", "77");
        yield return Top("service_tier", "\"flex\"", "flex");
        yield return Top("stop", "\"STOP-77\"", "STOP-77");
        yield return Top("store", "true", "\"store\":true");
        yield return With("\"stream\":true,\"stream_options\":{\"include_obfuscation\":false}", "stream_options.include_obfuscation", "include_obfuscation");
        yield return Top("temperature", "0.77", "0.77");
        yield return With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"required\"", "tool_choice", "required", "\"any\"", "ANY");
        yield return With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}", "tool_choice", "allowed_tools");
        yield return With($$$"""
            "tools":[{"type":"function","function":{"name":"f","description":"description-77","parameters":{{{Schema}}}}}]
            """, "tools", "description-77");
        yield return With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":true}}]", "tools", "\"strict\":true", "VALIDATED");
        yield return With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"extra_77\":1}}]", "tools[].function.extra_77", "extra_77");
        yield return With("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c-77\"}}]", "tool", "c-77");
        yield return Top("top_p", "0.77", "0.77");
        yield return Top("top_k", "77", "77");
        yield return Top("user", "\"user-77\"", "user-77");
        yield return Top("verbosity", "\"low\"", "\"low\"");
        yield return Top("web_search_options", """{"search_context_size":"low"}""", "search_context_size");
        yield return Top("guided_regex", "\"regex-77\"", "regex-77");
        yield return Top("min_p", "0.77", "0.77");
        yield return Top("chat_template_kwargs", """{"k":"kwargs-77"}""", "kwargs-77");
        yield return Top("thinking", """{"type":"enabled","clear_77":false}""", "clear_77");
        yield return Top("reasoning", """{"effort":"high","exclude":true}""", "exclude");
        yield return Talk("""{"role":"system","content":"system-77"},{"role":"user","content":"hi"}""", "messages", null, "system-77");
        yield return Talk("""{"role":"user","name":"name-77","content":"hi"}""", "name", null, "name-77");
        yield return Talk("""{"role":"user","content":"hi","mark_77":1}""", "messages[].mark_77", null, "mark_77");
        yield return Talk("""{"role":"user","content":[{"type":"text","text":"hi","mark_77":1}]}""", "messages[].content[].mark_77", null, "mark_77");
        yield return Talk("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aaaa","detail":"high"}}]}""", "detail", null, "\"high\"");
        yield return Talk("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"audio-77","format":"wav"}}]}""", "input_audio", null, "audio-77");
        yield return Talk("""{"role":"user","content":[{"type":"file","file":{"file_id":"file-77"}}]}""", "file", null, "file-77");
        yield return Talk("""{"role":"user","content":"hi"},{"role":"assistant","content":null,"refusal":"refusal-77"},{"role":"user","content":"why"}""", "refusal", null, "refusal-77");
        yield return Talk("""{"role":"user","content":"hi"},{"role":"assistant","content":"a","reasoning_content":"thought-77"},{"role":"user","content":"why"}""", "reasoning", null, "thought-77");
        yield return Talk("""{"role":"user","content":"hi"},{"role":"assistant","content":"a","annotations":[{"type":"url_citation"}]},{"role":"user","content":"why"}""", "messages[].annotations", null, "url_citation");
    }

    private static IEnumerable<FieldCase> Responses()
    {
        FieldCase Top(string name, string value, params string[] carried) => With($"\"{name}\":{value}", name, carried);
        FieldCase With(string fields, string name, params string[] carried) => Talk("\"hi\"", name, fields, carried);
        FieldCase Talk(string input, string name, string? fields = null, params string[] carried) =>
            new(WireApiKind.OpenAiResponses, $$"""{"model":"m","max_output_tokens":50,"input":{{input}}{{(fields is null ? "" : "," + fields)}}}""", name, carried);

        yield return Top("background", "true", "\"background\":true");
        yield return Top("context_management", """[{"type":"compaction"}]""", "compaction");
        yield return Top("conversation", "\"conv-77\"", "conv-77");
        yield return Top("include", """["file_search_call.results"]""", "file_search_call.results");
        yield return With("\"include\":[\"file_search_call.results\"],\"top_logprobs\":7", "file_search_call.results", "file_search_call.results");
        yield return Top("include", """["message.output_text.logprobs"]""", "logprobs", "responseLogprobs") with { Name = "logprobs" };
        yield return Top("instructions", "\"system-77\"", "system-77");
        yield return Top("max_tool_calls", "7", "max_tool_calls");
        yield return Top("metadata", """{"k":"meta-77"}""", "meta-77");
        yield return With("\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"parallel_tool_calls\":false", "parallel_tool_calls", "parallel_tool_calls", "disable_parallel_tool_use");
        yield return Top("previous_response_id", "\"resp-77\"", "resp-77");
        yield return With("\"previous_response_id\":\"resp-77\",\"reasoning\":{\"effort\":\"low\"}", "previous_response_id", "resp-77");
        yield return Top("prompt", """{"id":"pmpt-77"}""", "pmpt-77");
        yield return Top("prompt_cache_key", "\"key-77\"", "key-77");
        yield return Top("prompt_cache_retention", "\"24h\"", "24h");
        yield return Top("reasoning", """{"effort":"high"}""", "high");
        yield return With("\"reasoning\":{\"effort\":\"high\",\"summary\":\"detailed\"}", "reasoning.summary", "detailed");
        yield return With("\"reasoning\":{\"summary\":\"detailed\"}", "reasoning.summary", "detailed");
        yield return Top("safety_identifier", "\"user-77\"", "user-77");
        yield return Top("service_tier", "\"flex\"", "flex");
        yield return Top("store", "true", "\"store\":true");
        yield return With("\"stream\":true,\"stream_options\":{\"include_obfuscation\":false}", "stream_options", "include_obfuscation");
        yield return Top("temperature", "0.77", "0.77");
        yield return Top("text", """{"format":{"type":"json_object"}}""", "json_object", "application/json") with { Name = "response_format" };
        yield return Top("text", $$$"""{"format":{"type":"json_schema","name":"x","schema":{{{Schema}}}}}""", "schema-77");
        yield return With($$$"""
            "text":{"format":{"type":"json_schema","name":"x","description":"description-77","schema":{{{Schema}}}}}
            """, "format.description", "description-77");
        yield return With($$$"""
            "text":{"format":{"type":"json_schema","name":"x","strict":false,"schema":{{{Schema}}}}}
            """, "format.strict", "\"strict\":false");
        yield return With("\"text\":{\"verbosity\":\"low\"}", "text.verbosity", "\"low\"");
        yield return Top("text", """{"format":{"type":"grammar","definition":"root-77"}}""", "root-77");
        yield return With("\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":\"required\"", "tool_choice", "required", "\"any\"", "ANY");
        yield return With("\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}", "tool_choice", "allowed_tools");
        yield return With("\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"description\":\"description-77\"}]", "tools", "description-77");
        yield return With("\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"strict\":true}]", "tools", "\"strict\":true", "VALIDATED");
        yield return With("\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"defer_loading\":true}]", "tools[].defer_loading", "defer_loading");
        yield return With("\"tools\":[{\"type\":\"web_search\"}]", "web_search", "web_search");
        yield return Top("top_logprobs", "7", "top_logprobs", "\"logprobs\":7") with { Name = "logprobs" };
        yield return Top("top_p", "0.77", "0.77");
        yield return Top("truncation", "\"auto\"", "auto");
        yield return Top("user", "\"user-77\"", "user-77");
        yield return Talk("""[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,aaaa","detail":"high"}]}]""", "detail", null, "\"high\"");
        yield return Talk("""[{"role":"user","content":[{"type":"input_file","file_id":"file-77"}]}]""", "input_file", null, "file-77");
        yield return Talk("""[{"role":"user","content":[{"type":"input_text","text":"hi","mark_77":1}]}]""", "input[].content[].mark_77", null, "mark_77");
        yield return Talk("""[{"role":"user","content":"hi"},{"type":"message","role":"assistant","phase":"commentary","content":"a"},{"role":"user","content":"b"}]""", "input[].phase", null, "commentary");
        yield return Talk("""[{"type":"item_reference","id":"item-77"},{"role":"user","content":"hi"}]""", "item_reference", null, "item-77");
        yield return Talk("""[{"role":"user","content":"hi"},{"type":"reasoning","summary":[],"encrypted_content":"seal-77"},{"role":"assistant","content":"a"},{"role":"user","content":"b"}]""", "reasoning", null, "seal-77");
    }

    private static IEnumerable<FieldCase> Messages()
    {
        FieldCase Top(string name, string value, params string[] carried) => With($"\"{name}\":{value}", name, carried);
        FieldCase With(string fields, string name, params string[] carried) => Talk("""{"role":"user","content":"hi"}""", name, fields, carried);
        FieldCase Talk(string messages, string name, string? fields = null, params string[] carried) =>
            new(WireApiKind.AnthropicMessages, $$"""{"model":"m","max_tokens":50,"messages":[{{messages}}]{{(fields is null ? "" : "," + fields)}}}""", name, carried);
        FieldCase Tool(string members, string name, params string[] carried) => With($$"""
            "tools":[{"name":"f","input_schema":{"type":"object"},{{members}}}]
            """, name, carried);

        yield return Top("cache_control", """{"type":"ephemeral"}""", "ephemeral");
        yield return Top("container", "\"container-77\"", "container-77");
        yield return Top("context_management", """{"edits":[{"type":"edit-77"}]}""", "edit-77");
        yield return Top("inference_geo", "\"us-77\"", "us-77");
        yield return Top("mcp_servers", """[{"type":"url","url":"https://mcp-77","name":"x"}]""", "mcp-77");
        yield return Top("metadata", """{"user_id":"user-77"}""", "user-77") with { Name = "user" };
        yield return With("\"metadata\":{\"other\":\"meta-77\"}", "metadata.other", "meta-77");
        yield return Top("output_config", """{"effort":"high"}""", "high");
        yield return With("\"output_config\":{\"task_budget\":{\"type\":\"tokens\",\"total\":77000}}", "output_config.task_budget", "77000");
        yield return Top("output_config", $$$"""{"format":{"type":"json_schema","schema":{{{Schema}}}}}""", "schema-77");
        yield return Top("output_format", $$$"""{"type":"json_schema","schema":{{{Schema}}}}""", "schema-77");
        yield return Top("service_tier", "\"standard_only\"", "standard_only");
        yield return Top("speed", "\"fast\"", "fast");
        yield return Top("stop_sequences", "[\"STOP-77\"]", "STOP-77") with { Name = "stop" };
        yield return Top("system", "\"system-77\"", "system-77");
        yield return Top("system", """[{"type":"text","text":"system-77"}]""", "system-77");
        yield return With("\"system\":[{\"type\":\"text\",\"text\":\"s\",\"citations\":[{\"type\":\"cite-77\"}]}]", "system[].citations", "cite-77");
        yield return Top("temperature", "0.77", "0.77");
        yield return Top("thinking", """{"type":"enabled","budget_tokens":1077}""", "1077");
        yield return With("\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"}", "thinking.display", "omitted");
        yield return With("\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"any\"}", "tool_choice", "\"any\"", "required", "ANY");
        yield return With("\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true}", "parallel_tool_calls", "disable_parallel_tool_use", "parallel_tool_calls");
        yield return Tool("\"description\":\"description-77\"", "tools", "description-77");
        yield return Tool("\"strict\":true", "tools", "\"strict\":true", "VALIDATED");
        yield return Tool("\"input_examples\":[{\"a\":\"example-77\"}]", "tools[].input_examples", "example-77");
        yield return Tool("\"defer_loading\":true", "tools[].defer_loading", "defer_loading");
        yield return Tool("\"eager_input_streaming\":true", "tools[].eager_input_streaming", "eager_input_streaming");
        yield return Tool("\"allowed_callers\":[\"caller-77\"]", "tools[].allowed_callers", "caller-77");
        yield return With("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":7}]", "web_search", "max_uses");
        yield return Top("top_k", "77", "77");
        yield return Top("top_p", "0.77", "0.77");
        yield return Talk("""{"role":"user","content":[{"type":"text","text":"hi","citations":[{"type":"cite-77"}]}]}""", "messages[].content[].citations", null, "cite-77");
        yield return Talk("""{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"doc-77"}}]}""", "document", null, "doc-77");
        yield return Talk("""{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"file-77"}}]}""", "image", null, "file-77");
        yield return Talk("""{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"seal-77"},{"type":"text","text":"a"}]},{"role":"user","content":"b"}""", "reasoning", null, "seal-77");
        yield return Talk("""{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","is_error":true,"content":"e"}]}""", "error", null, "\"is_error\":true", "\"error\":\"e\"");
    }
}
