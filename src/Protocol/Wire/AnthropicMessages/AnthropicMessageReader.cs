using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Reads <c>system</c> and <c>messages</c>, and checks that every tool call has its result and every result its call.
/// A user's message that holds tool results only is one of the tool.</summary>
internal static class AnthropicMessageReader
{
    public static List<ChatMessage> Read(WireObject body)
    {
        var messages = new List<ChatMessage>();
        var system = body["system"];
        if (!system.IsMissing) messages.Add(new ChatMessage { Role = ChatRole.System, Parts = ReadContent(system, ReadSystemBlock), Wire = system.Element });
        var open = new OpenToolCalls("tool_use blocks", "'tool_result' blocks in the next user message");
        foreach (var item in body["messages"].Items()) messages.Add(ReadMessage(item.Object(), open));
        open.CheckAnswered();
        return messages;
    }

    private static ChatMessage ReadMessage(WireObject message, OpenToolCalls open)
    {
        var role = message["role"].Text() switch
        {
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "system" => ChatRole.System,
            _ => throw message["role"].Wrong("'user', 'assistant' or 'system'"),
        };
        if (role == ChatRole.Assistant)
        {
            open.CheckAnswered();
            open.Begin(message.Path);
        }

        var parts = ReadContent(message["content"], block => ReadBlock(block, role, open));
        bool isResultsOnly = parts.Count > 0 && parts.All(part => part is ToolResultPart);
        return new ChatMessage { Role = isResultsOnly ? ChatRole.Tool : role, Parts = parts, Wire = message.Element };
    }

    private static List<ContentPart> ReadContent(WireValue value, Func<WireObject, ContentPart> readBlock)
    {
        if (value.IsText) return [new TextPart(value.Text())];
        if (!value.IsArray) throw value.Wrong("a string or an array of content blocks");
        return [.. value.Items().Select(item => readBlock(item.Object()))];
    }

    private static ContentPart ReadSystemBlock(WireObject block) =>
        block["type"].Text() == "text" ? new TextPart(block["text"].Text()) : throw block["type"].Wrong("'text'");

    private static ContentPart ReadBlock(WireObject block, ChatRole role, OpenToolCalls open)
    {
        switch (block["type"].Text())
        {
            case "tool_use" when role == ChatRole.Assistant:
                open.Add(block["id"]);
                return new ToolCallPart(new ToolCall(block["id"].Text(), block["name"].Text(), block["input"].Object().Element.GetRawText()));
            case "tool_result" when role == ChatRole.User:
                open.Answer(block["tool_use_id"]);
                return ReadResult(block);
            case "tool_use" or "tool_result":
                throw ProblemException.Invalid($"'{block.Path}': 'tool_use' belongs into an assistant's message, 'tool_result' into a user's.", block["type"].Path);
            default: return ReadPlainBlock(block);
        }
    }

    private static ToolResultPart ReadResult(WireObject block)
    {
        var content = block["content"];
        IReadOnlyList<ContentPart> parts = content.IsMissing ? [] : ReadContent(content, ReadPlainBlock);
        return new ToolResultPart(block["tool_use_id"].Text(), parts, block["is_error"].FlagOrNull() ?? false);
    }

    private static ContentPart ReadPlainBlock(WireObject block) => block["type"].Text() switch
    {
        "text" => new TextPart(block["text"].Text()),
        "image" => ReadImage(block),
        "thinking" => ReadThought(block["thinking"].Text(), Seal.Open(block["signature"].TextOrNull() is { Length: > 0 } signature ? signature : null)),
        "redacted_thinking" => Seal.Open(block["data"].Text()) is var (data, maker) ? new ReasoningPart("", null, data, maker) : new ReasoningPart(""),
        var type => new OpaquePart(type, block.Element),
    };

    private static ReasoningPart ReadThought(string text, (string Text, string? Maker)? seal) => new(text, seal?.Text, null, seal?.Maker);

    private static ContentPart ReadImage(WireObject block)
    {
        var source = block["source"].Object();
        return source["type"].Text() switch
        {
            "base64" => new ImagePart(null, source["media_type"].Text(), source["data"].Text(), null),
            "url" => new ImagePart(source["url"].Text(), null, null, null),
            _ => new OpaquePart("image", block.Element), // a file that was uploaded there
        };
    }
}
