using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Dialects.PromptCaching;

/// <summary>A conversation as its client sends it, turn by turn, with thoughts and with tool calls under ids of several makers.</summary>
internal static class Turns
{
    public const int Count = 5;

    private static readonly string[] Chat =
    [
        """{"role":"user","content":"What is 2 + 2, and what is the weather?"}""",
        """{"role":"assistant","content":null,"reasoning_content":"I add.","tool_calls":[{"id":"functions.add:0","type":"function","function":{"name":"add","arguments":"{\"b\":2,\"a\":2}"}}]},{"role":"tool","tool_call_id":"functions.add:0","content":"4"}""",
        """{"role":"assistant","content":"Four so far.","reasoning_content":"Now the weather.","tool_calls":[{"id":"call_9z","type":"function","function":{"name":"weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_9z","content":"sunny \u00e9"}""",
        """{"role":"assistant","content":"4, and sunny."},{"role":"user","content":"Thanks! And 3 + 3?"}""",
        """{"role":"assistant","content":"Six."},{"role":"user","content":"Bye."}""",
    ];

    private static readonly string[] Responses =
    [
        """{"role":"user","content":"What is 2 + 2, and what is the weather?"}""",
        """{"type":"function_call","call_id":"functions.add:0","name":"add","arguments":"{\"b\":2,\"a\":2}"},{"type":"function_call_output","call_id":"functions.add:0","output":"4"}""",
        """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Four so far."}]},{"type":"function_call","call_id":"call_9z","name":"weather","arguments":"{}"},{"type":"function_call_output","call_id":"call_9z","output":"sunny"}""",
        """{"role":"assistant","content":"4, and sunny."},{"role":"user","content":"Thanks! And 3 + 3?"}""",
        """{"role":"assistant","content":"Six."},{"role":"user","content":"Bye."}""",
    ];

    private static readonly string[] Messages =
    [
        """{"role":"user","content":"What is 2 + 2, and what is the weather?"}""",
        """{"role":"assistant","content":[{"type":"thinking","thinking":"I add.","signature":""},{"type":"tool_use","id":"toolu_1","name":"add","input":{"b":2,"a":2}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"4"}]}""",
        """{"role":"assistant","content":[{"type":"text","text":"Four so far."},{"type":"tool_use","id":"toolu_2","name":"weather","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_2","content":"sunny"}]}""",
        """{"role":"assistant","content":"4, and sunny."},{"role":"user","content":"Thanks! And 3 + 3?"}""",
        """{"role":"assistant","content":"Six."},{"role":"user","content":"Bye."}""",
    ];

    /// <summary>The request of a turn, from 1.</summary>
    /// <param name="api">The client's API.</param>
    /// <param name="turn">Which turn.</param>
    /// <param name="shuffled">Whether tools are listed the other way round.</param>
    /// <param name="allBlocks">Whether texts are written as blocks where the API has both.</param>
    public static string Of(WireApiKind api, int turn, bool shuffled, bool allBlocks = false)
    {
        string[] tools = [Tool(api, "add"), Tool(api, "weather"), Tool(api, "Zoo")];
        if (shuffled) Array.Reverse(tools);
        string all = string.Join(',', (api switch { WireApiKind.OpenAiChat => Chat, WireApiKind.OpenAiResponses => Responses, _ => Messages })[..turn]);
        string head = $"\"model\":\"m\",\"tools\":[{string.Join(',', tools)}]";
        if (allBlocks && api == WireApiKind.AnthropicMessages) all = System.Text.RegularExpressions.Regex.Replace(all, """(?<="role":"(user|assistant)","content":)("[^"]*")""", """[{"type":"text","text":$2}]""");
        return api switch
        {
            WireApiKind.OpenAiChat => $$"""{{{head}},"messages":[{"role":"system","content":"Be brief."},{{all}}]}""",
            WireApiKind.OpenAiResponses => $$"""{{{head}},"instructions":"Be brief.","input":[{{all}}]}""",
            _ => $$"""{{{head}},"max_tokens":99,"system":"Be brief.","messages":[{{all}}]}""",
        };
    }

    private static string Tool(WireApiKind api, string name)
    {
        const string Schema = """{"type":"object","properties":{"b":{"type":"number"},"a":{"type":"number"}}}""";
        return api switch
        {
            WireApiKind.OpenAiChat => $$$"""{"type":"function","function":{"name":"{{{name}}}","description":"Does it.","parameters":{{{Schema}}}}}""",
            WireApiKind.OpenAiResponses => $$"""{"type":"function","name":"{{name}}","description":"Does it.","parameters":{{Schema}}}""",
            _ => $$"""{"name":"{{name}}","description":"Does it.","input_schema":{{Schema}}}""",
        };
    }
}
