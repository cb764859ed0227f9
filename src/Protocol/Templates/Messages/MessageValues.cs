using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Messages;

/// <summary>Turns messages into the values that templates expect: OpenAI's message objects, in the variant that this template takes.
/// Fields that have no value are left out, because a template may print a null.</summary>
internal sealed class MessageValues(TemplateTraits traits)
{
    private readonly Dictionary<string, string> toolNames = new(StringComparer.Ordinal);
    private readonly List<Value> messages = [];

    /// <summary>The variable <c>messages</c>.</summary>
    public static ListValue Of(IReadOnlyList<ChatMessage> messages, TemplateTraits traits)
    {
        var values = new MessageValues(traits);
        foreach (var message in SystemMessages.Placed(messages, traits)) values.Add(message);
        return new ListValue(values.messages);
    }

    private void Add(ChatMessage message)
    {
        foreach (var result in message.Parts.OfType<ToolResultPart>()) messages.Add(ToolResult(result));
        if (message.Parts.Count > 0 && message.Parts.All(part => part is ToolResultPart)) return;
        var value = new DictValue();
        value.Set("role", new StringValue(RoleOf(message.Role)));
        if (message.Name is { } name) value.Set("name", new StringValue(name));
        value.Set("content", new StringValue(TextOf(message.Parts)));
        AddReasoning(value, message);
        AddToolCalls(value, message);
        messages.Add(value);
    }

    private string RoleOf(ChatRole role) => role switch
    {
        ChatRole.System => "system",
        ChatRole.Developer => traits.TakesDeveloper ? "developer" : "system",
        ChatRole.User => "user",
        ChatRole.Assistant => "assistant",
        _ => "tool",
    };

    private static string TextOf(IReadOnlyList<ContentPart> parts) => string.Concat(parts.Select(part => part switch
    {
        TextPart text => text.Text,
        RefusalPart refusal => refusal.Text,
        ImagePart => throw Untold("an image"),
        OpaquePart opaque => throw Untold($"a part of type '{opaque.Type}'"),
        _ => "",
    }));

    private static ProblemException Untold(string what) => ProblemException.Invalid(
        $"The conversation holds {what}, and this model is asked through a text prompt, which can hold text only: leave it out or choose another model.", "messages");

    private static void AddReasoning(DictValue value, ChatMessage message)
    {
        string reasoning = string.Concat(message.Parts.OfType<ReasoningPart>().Select(part => part.Text));
        if (reasoning.Length > 0) value.Set("reasoning_content", new StringValue(reasoning));
    }

    private void AddToolCalls(DictValue value, ChatMessage message)
    {
        List<Value> calls = [.. message.Parts.OfType<ToolCallPart>().Select(part => ToolCall(part.Call))];
        if (calls.Count > 0) value.Set("tool_calls", new ListValue(calls));
    }

    private DictValue ToolCall(ToolCall call)
    {
        toolNames[call.Id] = call.Name;
        var function = new DictValue();
        function.Set("name", new StringValue(call.Name));
        function.Set("arguments", traits.TakesArgumentsAsText ? new StringValue(call.Arguments) : Arguments(call.Arguments));
        var value = new DictValue();
        value.Set("id", new StringValue(traits.CallId(call.Id)));
        value.Set("type", new StringValue("function"));
        value.Set("function", function);
        return value;
    }

    /// <summary>The arguments as an object. A model may have written them broken; then the template gets them as they are.</summary>
    private static Value Arguments(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return new DictValue();
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonValues.Of(document.RootElement);
        }
        catch (JsonException)
        {
            return new StringValue(text);
        }
    }

    private DictValue ToolResult(ToolResultPart result)
    {
        var value = new DictValue();
        value.Set("role", new StringValue("tool"));
        if (toolNames.TryGetValue(result.CallId, out string? name)) value.Set("name", new StringValue(name));
        value.Set("tool_call_id", new StringValue(traits.CallId(result.CallId)));
        value.Set("content", new StringValue(TextOf(result.Parts)));
        return value;
    }
}
