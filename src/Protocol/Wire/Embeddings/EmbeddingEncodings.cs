using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Embeddings;

/// <summary>Writes the vectors of an upstream's answer as the caller asked for them. Many servers leave <c>encoding_format</c> aside, and OpenAI's SDKs, which ask for base64 of their own accord, take numbers for it.</summary>
public static class EmbeddingEncodings
{
    /// <summary>Writes <paramref name="answer"/> anew where its vectors are not written as asked; what else is in it stays. Vectors of another kind than floats stay too.</summary>
    /// <returns>Whether it was written anew.</returns>
    /// <exception cref="ProblemException">The answer is no JSON object.</exception>
    public static bool Rewrite(ReadOnlySpan<byte> answer, EmbeddingEncoding asked, IBufferWriter<byte> output)
    {
        if (!MayDiffer(answer, asked)) return false;
        using var document = AnswerJson.Parse(answer);
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.NameEquals("data"u8) && member.Value.ValueKind == JsonValueKind.Array) WriteData(json, member.Value, asked);
            else member.WriteTo(json);
        }

        json.WriteEndObject();
        return true;
    }

    /// <summary>Writes <c>embedding</c>.</summary>
    internal static void WriteVector(Utf8JsonWriter json, float[] vector, EmbeddingEncoding asked)
    {
        if (asked == EmbeddingEncoding.Base64)
        {
            json.WriteBase64String("embedding"u8, LittleEndian(vector));
            return;
        }

        json.WriteStartArray("embedding"u8);
        foreach (float number in vector) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    /// <summary>A look at the first vector, so that answers that are as asked, which can be large, are not parsed for this.</summary>
    private static bool MayDiffer(ReadOnlySpan<byte> answer, EmbeddingEncoding asked)
    {
        for (int at; (at = answer.IndexOf("\"embedding\""u8)) >= 0;)
        {
            answer = answer[(at + "\"embedding\""u8.Length)..].TrimStart(" \t\r\n"u8);
            if (answer is not [(byte)':', ..]) continue; // `"object": "embedding"`
            return answer[1..].TrimStart(" \t\r\n"u8) is [var first, ..] && first == (asked == EmbeddingEncoding.Base64 ? '[' : '"');
        }

        return false;
    }

    private static void WriteData(Utf8JsonWriter json, JsonElement data, EmbeddingEncoding asked)
    {
        json.WriteStartArray("data"u8);
        foreach (var item in data.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object) WriteItem(json, item, asked);
            else item.WriteTo(json);
        }

        json.WriteEndArray();
    }

    private static void WriteItem(Utf8JsonWriter json, JsonElement item, EmbeddingEncoding asked)
    {
        json.WriteStartObject();
        foreach (var member in item.EnumerateObject())
        {
            if (member.NameEquals("embedding"u8) && VectorOf(member.Value) is { } vector) WriteVector(json, vector, asked);
            else member.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static float[]? VectorOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => OfNumbers(value),
        JsonValueKind.String when value.TryGetBytesFromBase64(out byte[]? bytes) && bytes.Length % sizeof(float) == 0 => OfBytes(bytes),
        _ => null,
    };

    private static float[]? OfNumbers(JsonElement list)
    {
        float[] vector = new float[list.GetArrayLength()];
        int count = 0;
        foreach (var number in list.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetSingle(out vector[count++])) return null;
        }

        return vector;
    }

    private static float[]? OfBytes(byte[] bytes)
    {
        float[] vector = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < vector.Length; i++) vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return vector.All(float.IsFinite) ? vector : null;
    }

    /// <summary>The bytes of a vector in base64: little-endian 32-bit floats.</summary>
    private static ReadOnlySpan<byte> LittleEndian(float[] vector)
    {
        if (BitConverter.IsLittleEndian) return MemoryMarshal.AsBytes<float>(vector);
        byte[] bytes = new byte[vector.Length * sizeof(float)];
        for (int i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return bytes;
    }
}
