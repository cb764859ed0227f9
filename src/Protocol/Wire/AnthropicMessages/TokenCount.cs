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
}
