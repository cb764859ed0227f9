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
        var open = new OpenToolCalls();
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

/// <summary>The tool calls of the last assistant message that have no result yet.</summary>
internal sealed class OpenToolCalls
{
    private readonly HashSet<string> open = new(StringComparer.Ordinal), answered = new(StringComparer.Ordinal);
    private string path = "";

    public void Begin(string assistantPath)
    {
        open.Clear();
        answered.Clear();
        path = assistantPath;
    }

    public void Add(WireValue id)
    {
        if (string.IsNullOrEmpty(id.TextOrNull())) throw id.Wrong("the call's id");
        if (!open.Add(id.Text())) throw ProblemException.Invalid($"'{id.Path}' has the id of another call in the same message.", id.Path);
    }

    public void Answer(WireValue id)
    {
        string name = id.Text();
        if (open.Remove(name))
        {
            answered.Add(name);
            return;
        }

        throw ProblemException.Invalid(
            answered.Contains(name)
                ? $"'{id.Path}' answers a tool call that has its result already."
                : $"'{id.Path}' answers no tool call of the assistant message before it.",
            id.Path);
    }

    public void CheckAnswered()
    {
        if (open.Count == 0) return;
        throw ProblemException.Invalid($"'{path}.tool_calls' has calls without results: messages of role 'tool' must follow for {string.Join(", ", open.Take(5))}.", path);
    }
}
