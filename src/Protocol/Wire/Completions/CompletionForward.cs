using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Completions;

/// <summary>Passes requests to <c>/v1/completions</c> on to an upstream of the same API.</summary>
public static class CompletionForward
{
    /// <summary>Writes the body for an upstream: the caller's own fields with its model's name. A stream is always asked to end with its usage.</summary>
    public static void Write(CompletionRequest request, string model, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        foreach (var field in request.Body.EnumerateObject())
        {
            if (field.Name != "model" && !(request.Settings.Stream && field.Name == "stream_options")) json.WriteRaw(field.Name, field.Value);
        }

        if (request.Settings.Stream)
        {
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
