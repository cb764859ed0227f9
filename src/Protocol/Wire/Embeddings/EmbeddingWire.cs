using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Embeddings;

/// <summary>Forwards embedding requests, and writes and meters their answers.</summary>
public static class EmbeddingWire
{
    /// <summary>Writes the body for an upstream: the caller's own bytes with its model's name.</summary>
    public static void Forward(EmbeddingRequest request, string model, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = request.Body.Span;
        output.Write(body[..request.ModelRange.Start]);
        JsonOutput.WriteText(model, output);
        output.Write(body[(request.ModelRange.Start + request.ModelRange.Length)..]);
    }

    /// <summary>What an upstream's answer says was used; <c>null</c> where it says nothing.</summary>
    /// <exception cref="ProblemException">The answer is no JSON object.</exception>
    public static Usage? ReadUsage(ReadOnlySpan<byte> answer)
    {
        using var document = AnswerJson.Parse(answer);
        var usage = OpenAiUsage.Read(document.RootElement.Member("usage"u8));
        return usage is { OutputTokens: null } ? usage with { OutputTokens = 0 } : usage; // An embedding has no output tokens.
    }

    /// <summary>Writes an answer of our own.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="model">The model's name that the client sees.</param>
    /// <param name="vectors">A vector per input, in order.</param>
    /// <param name="inputTokens">How many tokens the inputs were.</param>
    /// <param name="output">Takes the body.</param>
    /// <exception cref="ProblemException">A vector holds something that is no number.</exception>
    public static void WriteAnswer(EmbeddingRequest request, string model, IReadOnlyList<float[]> vectors, long inputTokens, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(vectors);
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        for (int index = 0; index < vectors.Count; index++) WriteVector(json, index, vectors[index], request.Encoding);
        json.WriteEndArray();
        json.WriteString("model"u8, model);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, inputTokens);
        json.WriteNumber("total_tokens"u8, inputTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteVector(Utf8JsonWriter json, int index, float[] vector, EmbeddingEncoding encoding)
    {
        if (!vector.All(float.IsFinite)) throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, "The model gave a vector that holds something else than numbers."));
        json.WriteStartObject();
        json.WriteString("object"u8, "embedding"u8);
        json.WriteNumber("index"u8, index);
        EmbeddingEncodings.WriteVector(json, vector, encoding);
        json.WriteEndObject();
    }
}
