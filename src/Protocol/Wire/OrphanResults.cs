using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire;

/// <summary>Finds, among the tokens of a conversation on their way past, results of tools whose call stands nowhere before them: many servers would make a prompt of them all the same.</summary>
internal struct OrphanResults(WireApiKind api)
{
    private HashSet<string>? calls;
    private Name name, list;
    private int message = -1, block = -1;
    private string? callId, orphan;
    private bool isResult, refersElsewhere;

    private enum Name { Other, Id, CallId, ToolCallId, ToolUseId, Type, Calls, Content }

    /// <summary>Looks at a token.</summary>
    /// <param name="reader">At the token.</param>
    /// <param name="depth">How deep it stands; 0: the conversation's own array.</param>
    public void See(ref readonly Utf8JsonReader reader, int depth)
    {
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

    /// <exception cref="ProblemException">There is one, and nothing is referred to that may hold its call.</exception>
    public readonly void Check()
    {
        if (orphan is not null && !refersElsewhere) throw ProblemException.Invalid($"'{orphan}' answers no tool call of a message before it.", orphan);
    }

    /// <summary>Says that calls may stand where this gateway does not look.</summary>
    public void ReferElsewhere() => refersElsewhere = true;

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
        : Name.Other;
}
