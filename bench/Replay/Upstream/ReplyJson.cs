using System.Buffers;
using System.Text.Json;
using Countersign.Replay.Recordings;

namespace Countersign.Replay.Upstream;

/// <summary>Replies in the form of OpenAI's chat API. Written by hand and not with the gateway's own writers, which are under test.</summary>
internal static class ReplyJson
{
    private const int CharactersPerChunk = 48;

    /// <summary>The body of a whole answer.</summary>
    public static byte[] Whole(Reply reply) => Write(json =>
    {
        WriteHead(json, reply, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (reply.Text.Length > 0 || reply.Calls.Count == 0) json.WriteString("content", reply.Text);
        else json.WriteNull("content");
        if (reply.Calls.Count > 0) WriteCalls(json, reply.Calls.Select((call, index) => (index, (RecordedCall?)call, call.Arguments)), withIndex: false);
        json.WriteEndObject();
        json.WriteString("finish_reason", reply.FinishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, reply);
    });

    /// <summary>The events of a streamed answer, each with its blank line.</summary>
    public static List<byte[]> Frames(Reply reply, bool includeUsage)
    {
        List<byte[]> frames = [Delta(reply, json => json.WriteString("role", "assistant"))];
        foreach (string piece in Pieces(reply.Text)) frames.Add(Delta(reply, json => json.WriteString("content", piece)));
        foreach (var (index, call) in reply.Calls.Index())
        {
            int half = call.Arguments.Length / 2;
            if (half > 0 && char.IsHighSurrogate(call.Arguments[half - 1])) half--;
            frames.Add(Delta(reply, json => WriteCalls(json, [(index, call, call.Arguments[..half])], withIndex: true)));
            frames.Add(Delta(reply, json => WriteCalls(json, [(index, null, call.Arguments[half..])], withIndex: true)));
        }

        frames.Add(Delta(reply, _ => { }, reply.FinishReason));
        if (includeUsage) frames.Add(Frame(json => WriteUsageChunk(json, reply)));
        frames.Add("data: [DONE]\n\n"u8.ToArray());
        return frames;
    }

    private static IEnumerable<string> Pieces(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int length = Math.Min(CharactersPerChunk, text.Length - start);
            if (length > 1 && char.IsHighSurrogate(text[start + length - 1])) length--;
            yield return text.Substring(start, length);
            start += length;
        }
    }

    private static byte[] Delta(Reply reply, Action<Utf8JsonWriter> write, string? finishReason = null) => Frame(json =>
    {
        WriteHead(json, reply, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        write(json);
        json.WriteEndObject();
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static void WriteUsageChunk(Utf8JsonWriter json, Reply reply)
    {
        WriteHead(json, reply, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteEndArray();
        WriteUsage(json, reply);
    }

    private static void WriteHead(Utf8JsonWriter json, Reply reply, string kind)
    {
        json.WriteString("id", "chatcmpl-recorded");
        json.WriteString("object", kind);
        json.WriteNumber("created", 0);
        json.WriteString("model", reply.Model);
    }

    private static void WriteUsage(Utf8JsonWriter json, Reply reply)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", reply.InputTokens);
        json.WriteNumber("completion_tokens", reply.OutputTokens);
        json.WriteNumber("total_tokens", reply.InputTokens + reply.OutputTokens);
        json.WriteEndObject();
    }

    /// <summary>Writes calls, or parts of them: what follows a call's first part has arguments only.</summary>
    private static void WriteCalls(Utf8JsonWriter json, IEnumerable<(int Index, RecordedCall? First, string Arguments)> calls, bool withIndex)
    {
        json.WriteStartArray("tool_calls");
        foreach (var (index, first, arguments) in calls)
        {
            json.WriteStartObject();
            if (withIndex) json.WriteNumber("index", index);
            if (first is not null) json.WriteString("id", $"call_{index}");
            if (first is not null) json.WriteString("type", "function");
            json.WriteStartObject("function");
            if (first is not null) json.WriteString("name", first.Name);
            json.WriteString("arguments", arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static byte[] Frame(Action<Utf8JsonWriter> write) => [.. "data: "u8, .. Write(write), .. "\n\n"u8];

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
