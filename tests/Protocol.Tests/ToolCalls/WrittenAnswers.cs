using System.Text.Json.Nodes;
using Countersign.Protocol.ToolCalls;

using JsonObject = System.Text.Json.Nodes.JsonObject;

namespace Countersign.Protocol.Tests.ToolCalls;

/// <summary>A call to be written in a raw format.</summary>
internal sealed record WrittenCall(string Name, JsonObject Arguments);

/// <summary>Writes text and calls as each family does: the other side of the formats' readers, written after the families' templates.</summary>
internal static class WrittenAnswers
{
    public static string Write(ToolCallFormat format, string text, IReadOnlyList<WrittenCall> calls) => format.Name switch
    {
        "hermes_json" or "ernie45" => text + Each(calls, "\n", call => $"<tool_call>\n{Named(call)}\n</tool_call>"),
        "granite" => $"{text}<|tool_call|> [{Each(calls, ", ", Named)}]",
        "minimax_m1" => $"{text}<tool_calls>\n{Each(calls, "\n", Named)}\n</tool_calls>",
        "nemotron_toolcall" => $"{text}<TOOLCALL>[{Each(calls, ", ", Named)}]</TOOLCALL><SPECIAL_12>",
        "phi4_mini_json" => $"{text}functools[{Each(calls, ", ", Named)}]",
        "pangu" => $"{text}<|tool_call_start|>[{Each(calls, ", ", Named)}]<|tool_call_end|>",
        "apertus" => $"{text}<|tools_prefix|>[{Each(calls, ", ", call => $"{{\"{call.Name}\": {Json(call.Arguments)}}}")}]<|tools_suffix|>",
        "kimi_k2_sections" => $"{text}<|tool_calls_section_begin|>{Numbered(calls, (call, i) => $"<|tool_call_begin|>functions.{call.Name}:{i}<|tool_call_argument_begin|>{Json(call.Arguments)}<|tool_call_end|>")}<|tool_calls_section_end|>",
        "deepseek_v3" => $"{text}<｜tool▁calls▁begin｜>{Each(calls, "\n", call => $"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{call.Name}\n```json\n{Json(call.Arguments)}\n```<｜tool▁call▁end｜>")}<｜tool▁calls▁end｜>",
        "deepseek_v31" => $"{text}<｜tool▁calls▁begin｜>{Each(calls, "", call => $"<｜tool▁call▁begin｜>{call.Name}<｜tool▁sep｜>{Json(call.Arguments)}<｜tool▁call▁end｜>")}<｜tool▁calls▁end｜>",
        "deepseek_dsml" => text + Dsml(calls, "function_calls"),
        "deepseek_dsml_v4" => text + Dsml(calls, "tool_calls"),
        "qwen3_coder_xml" => text + Each(calls, "\n", call => $"<tool_call>\n<function={call.Name}>\n{Members(call, "", (key, value) => $"<parameter={key}>\n{Bare(value)}\n</parameter>\n")}</function>\n</tool_call>"),
        "minimax_m2" => $"{text}<minimax:tool_call>\n{Each(calls, "\n", call => $"<invoke name=\"{call.Name}\">\n{Members(call, "", (key, value) => $"<parameter name=\"{key}\">{Bare(value)}</parameter>\n")}</invoke>")}\n</minimax:tool_call>",
        "glm_arg_kv" => text + Each(calls, "\n", call => $"<tool_call>{call.Name}\n{Members(call, "", (key, value) => $"<arg_key>{key}</arg_key>\n<arg_value>{Bare(value)}</arg_value>\n")}</tool_call>"),
        "harmony" => $"<|channel|>commentary<|message|>{text}<|end|>{Each(calls, "", call => $"<|start|>assistant<|channel|>commentary to=functions.{call.Name} <|constrain|>json<|message|>{Json(call.Arguments)}<|call|>")}",
        "llama3_json" => text + Each(calls, "; ", call => $"{{\"name\": \"{call.Name}\", \"parameters\": {Json(call.Arguments)}}}"),
        "llama4_pythonic" => $"{text}[{Each(calls, ", ", Pythonic)}]",
        "olmo3" => $"{text}<function_calls>{Each(calls, "\n", Pythonic)}</function_calls>",
        "mistral" => text + Each(calls, "", call => $"[TOOL_CALLS]{call.Name}[ARGS]{Json(call.Arguments)}"),
        "gemma4" => text + Each(calls, "", call => $"<|tool_call>call:{call.Name}{Gemma(call.Arguments)}<tool_call|>"),
        "functiongemma" => text + Each(calls, "", call => $"<start_function_call>call:{call.Name}{{{Members(call, ",", (key, value) => $"{key}:<escape>{Bare(value)}<escape>")}}}<end_function_call>"),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format.Name, "Write the format here."),
    };

    private static string Each(IEnumerable<WrittenCall> calls, string separator, Func<WrittenCall, string> write) => string.Join(separator, calls.Select(write));

    private static string Numbered(IEnumerable<WrittenCall> calls, Func<WrittenCall, int, string> write) => string.Concat(calls.Select(write));

    private static string Members(WrittenCall call, string separator, Func<string, JsonNode?, string> write) => string.Join(separator, call.Arguments.Select(member => write(member.Key, member.Value)));

    private static string Json(JsonNode? value) => value?.ToJsonString() ?? "null";

    private static string Named(WrittenCall call) => $"{{\"name\": \"{call.Name}\", \"arguments\": {Json(call.Arguments)}}}";

    private static bool IsText(JsonNode? value) => value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String;

    private static string Bare(JsonNode? value) => IsText(value) ? value!.GetValue<string>() : Json(value);

    private static string Dsml(IReadOnlyList<WrittenCall> calls, string block) =>
        $"<｜DSML｜{block}>\n{Each(calls, "\n", call => $"<｜DSML｜invoke name=\"{call.Name}\">\n{Members(call, "", (key, value) => $"<｜DSML｜parameter name=\"{key}\" string=\"{(IsText(value) ? "true" : "false")}\">{Bare(value)}</｜DSML｜parameter>\n")}</｜DSML｜invoke>")}\n</｜DSML｜{block}>";

    private static string Pythonic(WrittenCall call) => $"{call.Name}({Members(call, ", ", (key, value) => $"{key}={Python(value)}")})";

    private static string Python(JsonNode? value) => value switch
    {
        null => "None",
        JsonObject members => $"{{{string.Join(", ", members.Select(member => $"'{member.Key}': {Python(member.Value)}"))}}}",
        JsonArray items => $"[{string.Join(", ", items.Select(Python))}]",
        _ when IsText(value) => $"'{value.GetValue<string>().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'",
        _ => Json(value) switch { "true" => "True", "false" => "False", var number => number },
    };

    private static string Gemma(JsonNode? value) => value switch
    {
        JsonObject members => $"{{{string.Join(",", members.Select(member => $"{member.Key}:{Gemma(member.Value)}"))}}}",
        JsonArray items => $"[{string.Join(",", items.Select(Gemma))}]",
        _ when IsText(value) => $"<|\"|>{value!.GetValue<string>()}<|\"|>",
        _ => Json(value),
    };
}
