using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>Writes SSE frames that carry their JSON's <c>type</c> as the event's name too, as Anthropic's and OpenAI's Responses streams do. One per answer.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The writer holds nothing between two frames: it is flushed at the end of each.")]
internal sealed class NamedFrames
{
    private readonly Utf8JsonWriter json = new(Stream.Null, JsonOutput.Options);

    /// <summary>Begins a frame: its JSON object is open and has its <c>type</c>. <see cref="End"/> closes both.</summary>
    public Utf8JsonWriter Begin(ReadOnlySpan<byte> type, IBufferWriter<byte> output)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        return json;
    }

    /// <summary>Ends the frame that was begun on <paramref name="output"/>.</summary>
    public void End(IBufferWriter<byte> output)
    {
        json.WriteEndObject();
        json.Flush();
        output.Write("\n\n"u8);
    }
}
