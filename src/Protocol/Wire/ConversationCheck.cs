using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire;

/// <summary>Finds, among the tokens of a conversation on their way past, messages of the wrong form and results of tools whose call stands nowhere before them: many servers would make
/// a prompt of them all the same. Which roles and types of parts there are is the upstream's matter.</summary>
internal struct ConversationCheck(WireApiKind api)
{
    private HashSet<string>? calls;
    private Name name, list;
    private int message = -1, block = -1;
    private string? callId, orphan;
    private (string Path, string Expected)? wrong;
    private bool isResult, refersElsewhere;

    private enum Name { Other, Id, CallId, ToolCallId, ToolUseId, Type, Calls, Content, Role }

    /// <summary>Looks at a token.</summary>
    /// <param name="reader">At the token.</param>
    /// <param name="depth">How deep it stands; 0: the conversation's own array.</param>
    public void See(ref readonly Utf8JsonReader reader, int depth)
    {
        if (depth is 1 or 2) SeeForm(reader.TokenType, depth);
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName when depth is 2 or 4: name = NameOf(in reader); break;
            case JsonTokenType.StartArray when depth == 2: (list, block) = (name, -1); break;
            case JsonTokenType.StartObject when depth == 1: (message, callId, isResult, list) = (message + 1, null, false, Name.Other); break;
            case JsonTokenType.StartObject when depth == 3: block++; break;
            case JsonTokenType.EndObject when depth == 1 && api == WireApiKind.OpenAiResponses: EndItem(); break;
            case JsonTokenType.String when depth is 2 or 4: SeeText(in reader, depth); break;
        }
    }

    /// <exception cref="ProblemException">A message has not its form; or there is a result without its call, and nothing is referred to that may hold it.</exception>
    public readonly void Check()
    {
        if (wrong is var (path, expected)) throw ProblemException.Invalid($"'{path}' must be {expected}.", path);
        if (orphan is not null && !refersElsewhere) throw ProblemException.Invalid($"'{orphan}' answers no tool call of a message before it.", orphan);
    }

    /// <summary>Says that calls may stand where this gateway does not look.</summary>
    public void ReferElsewhere() => refersElsewhere = true;

    private void SeeForm(JsonTokenType token, int depth)
    {
        string list = api == WireApiKind.OpenAiResponses ? "input" : "messages";
        if (depth == 1 && token is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
        {
            wrong ??= ($"{list}[{++message}]", "an object");
            return;
        }

        if (depth == 1 || token is JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject or JsonTokenType.String or JsonTokenType.Null) return;
        if (name == Name.Role) wrong ??= ($"{list}[{message}].role", "a string");
        else if (name == Name.Content && token != JsonTokenType.StartArray) wrong ??= ($"{list}[{message}].content", "a string or an array of parts");
    }

    private void SeeText(ref readonly Utf8JsonReader reader, int depth)
    {
        switch (api, depth, name)
        {
            case (WireApiKind.OpenAiChat, 2, Name.ToolCallId): SeeResult(reader.GetString()!, $"messages[{message}].tool_call_id"); break;
            case (WireApiKind.OpenAiChat, 4, Name.Id) when list == Name.Calls: SeeCall(reader.GetString()!); break;
            case (WireApiKind.AnthropicMessages, 4, Name.ToolUseId) when list == Name.Content: SeeResult(reader.GetString()!, $"messages[{message}].content[{block}].tool_use_id"); break;
            case (WireApiKind.AnthropicMessages, 4, Name.Id) when list == Name.Content: SeeCall(reader.GetString()!); break;
            case (WireApiKind.OpenAiResponses, 2, Name.CallId): callId = reader.GetString(); break;
            case (WireApiKind.OpenAiResponses, 2, Name.Type): SeeType(in reader); break;
        }

        name = Name.Other;
    }

    private void SeeType(ref readonly Utf8JsonReader reader)
    {
        isResult = reader.ValueSpan.EndsWith("_output"u8);
        refersElsewhere |= reader.ValueTextEquals("item_reference"u8);
    }

    private void EndItem()
    {
        if (callId is null) return;
        if (isResult) SeeResult(callId, $"input[{message}].call_id");
        else SeeCall(callId);
    }

    private void SeeCall(string id) => (calls ??= new HashSet<string>(StringComparer.Ordinal)).Add(id);

    private void SeeResult(string id, string path)
    {
        if (calls?.Contains(id) != true) orphan ??= path;
    }

    private static Name NameOf(ref readonly Utf8JsonReader reader) =>
        reader.ValueTextEquals("id"u8) ? Name.Id
        : reader.ValueTextEquals("call_id"u8) ? Name.CallId
        : reader.ValueTextEquals("tool_call_id"u8) ? Name.ToolCallId
        : reader.ValueTextEquals("tool_use_id"u8) ? Name.ToolUseId
        : reader.ValueTextEquals("type"u8) ? Name.Type
        : reader.ValueTextEquals("tool_calls"u8) ? Name.Calls
        : reader.ValueTextEquals("content"u8) ? Name.Content
        : reader.ValueTextEquals("role"u8) ? Name.Role
        : Name.Other;
}
