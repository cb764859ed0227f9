using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Reads <c>messages</c>, and checks that every tool call has its result and every result its call.</summary>
internal static class OpenAiChatMessageReader
{
    public static List<ChatMessage> Read(WireValue value)
    {
        var messages = new List<ChatMessage>();
        var open = new OpenToolCalls("tool_calls", "messages of role 'tool'");
        foreach (var item in value.Items())
        {
            var message = item.Object();
            var role = ReadRole(message["role"]);
            if (role != ChatRole.Tool) open.CheckAnswered();
            messages.Add(new ChatMessage
            {
                Role = role,
                Parts = role switch
                {
                    ChatRole.Assistant => OpenAiChatAssistantReader.Read(message, open),
                    ChatRole.Tool => [ReadResult(message, open)],
                    _ => OpenAiChatContent.Read(message["content"]),
                },
                Name = message["name"].TextOrNull(),
                Wire = message.Element,
            });
        }

        open.CheckAnswered();
        return messages;
    }

    private static ChatRole ReadRole(WireValue value) => value.Text() switch
    {
        "system" => ChatRole.System,
        "developer" => ChatRole.Developer,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        "tool" => ChatRole.Tool,
        "function" => throw ProblemException.Invalid($"'{value.Path}' is 'function', which OpenAI gave up for 'tool': send role 'tool' with a 'tool_call_id'.", value.Path),
        _ => throw value.Wrong("'system', 'developer', 'user', 'assistant' or 'tool'"),
    };

    private static ToolResultPart ReadResult(WireObject message, OpenToolCalls open)
    {
        var id = message["tool_call_id"];
        open.Answer(id);
        return new ToolResultPart(id.Text(), OpenAiChatContent.Read(message["content"]));
    }
}
