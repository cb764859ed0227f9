using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>The answer to <c>POST /v1/messages/count_tokens</c>: <c>{"input_tokens": N}</c>.</summary>
public static class TokenCount
{
    /// <summary>The number that an upstream's answer gives; <c>null</c> where it gives none.</summary>
    /// <exception cref="ProblemException">The answer is no JSON object.</exception>
    public static long? Read(ReadOnlySpan<byte> answer)
    {
        using var document = AnswerJson.Parse(answer);
        return document.RootElement.Member("input_tokens"u8).Count();
    }

    /// <summary>Writes an answer of our own.</summary>
    public static void Write(long inputTokens, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, inputTokens);
        json.WriteEndObject();
    }
}
