using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Reads an earlier answer: reasoning first, then text, refusal and tool calls.</summary>
internal static class OpenAiChatAssistantReader
{
    public static List<ContentPart> Read(WireObject message, OpenToolCalls open)
    {
        if (!message["function_call"].IsMissing)
            throw ProblemException.Invalid($"'{message.Path}.function_call' is the form that OpenAI gave up for 'tool_calls': send 'tool_calls'.", message["function_call"].Path);
        var parts = new List<ContentPart>();
        AddReasoning(message, parts);
        if (!message["content"].IsMissing && !(message["content"].IsArray && message["content"].Element.GetArrayLength() == 0))
            parts.AddRange(OpenAiChatContent.Read(message["content"]));
        if (message["refusal"].TextOrNull() is { } refusal) parts.Add(new RefusalPart(refusal));
        if (message["audio"].ObjectOrNull() is { } audio) parts.Add(new OpaquePart("audio", audio.Element));
        open.Begin(message.Path);
        foreach (var call in message["tool_calls"].Items()) parts.Add(ReadCall(call.Object(), open));
        return parts.Count > 0 ? parts : throw ProblemException.Invalid($"'{message.Path}' has neither 'content' nor 'tool_calls'.", message["content"].Path);
    }

    /// <summary>Servers send the same thought under several names; the one with most in it (signatures) is taken.</summary>
    private static void AddReasoning(WireObject message, List<ContentPart> parts)
    {
        if (message[ReasoningDetails.Field].IsArray)
        {
            parts.AddRange(ReasoningDetails.Join(message[ReasoningDetails.Field].Items().Select(ReadDetail).OfType<ReasoningDelta>()));
            if (parts.Count > 0) return;
        }

        foreach (string name in (ReadOnlySpan<string>)["reasoning_content", "reasoning"])
        {
            if (!message[name].IsText || message[name].Text() is not { Length: > 0 } text) continue;
            parts.Add(new ReasoningPart(text));
            return;
        }
    }

    private static ReasoningDelta? ReadDetail(WireValue value)
    {
        var detail = value.Object();
        return ReasoningDetails.Read(
            0, detail["text"].TextOrNull() ?? detail["summary"].TextOrNull(), detail["signature"].TextOrNull(), detail["data"].TextOrNull(), detail["format"].TextOrNull());
    }

    private static ContentPart ReadCall(WireObject call, OpenToolCalls open)
    {
        open.Add(call["id"]);
        string type = call["type"].TextOrNull() ?? "function";
        if (type != "function") return new OpaquePart(type, call.Element);
        var function = call["function"].Object();
        var arguments = function["arguments"];
        string text = arguments.IsMissing ? "" : arguments.IsObject ? arguments.Element.GetRawText() : arguments.Text();
        return new ToolCallPart(new ToolCall(call["id"].Text(), function["name"].Text(), text));
    }
}
