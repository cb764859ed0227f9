using System.Buffers;
using System.Text.Json;

namespace Countersign.Replay.Recordings;

/// <summary>A question of a recorded set.</summary>
/// <param name="Id">Its id in the set.</param>
/// <param name="Task">The part of the set that it belongs to.</param>
/// <param name="Messages">What is said, by role.</param>
/// <param name="Tools">The tools that may be called: name, description, parameters.</param>
internal sealed record RecordedQuestion(string Id, string Task, IReadOnlyList<(string Role, string Text)> Messages, IReadOnlyList<JsonElement> Tools)
{
    /// <summary>The request that asks it, in the form of OpenAI's chat API.</summary>
    /// <param name="model">Who is asked.</param>
    /// <param name="stream">Whether the answer comes in pieces.</param>
    /// <param name="seed">Draws the sample, where a model is recorded; what is recorded is found without it.</param>
    public byte[] Request(string model, bool stream, int? seed = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            if (stream) json.WriteBoolean("stream", true);
            if (seed is { } drawn) json.WriteNumber("seed", drawn);
            WriteMessages(json);
            if (Tools.Count > 0) WriteTools(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteMessages(Utf8JsonWriter json)
    {
        json.WriteStartArray("messages");
        foreach (var (role, text) in Messages)
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("content", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteTools(Utf8JsonWriter json)
    {
        json.WriteStartArray("tools");
        foreach (var tool in Tools)
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WritePropertyName("function");
            tool.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
