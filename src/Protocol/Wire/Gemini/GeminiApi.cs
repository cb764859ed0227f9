using System.Buffers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Google's <see href="https://ai.google.dev/api/generate-content">generateContent</see> and its stream. No caller of the gateway speaks it.</summary>
internal sealed class GeminiApi : UpstreamApi
{
    /// <inheritdoc/>
    public override WireApiKind Kind => WireApiKind.Gemini;

    /// <inheritdoc/>
    public override void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> warnings) =>
        GeminiRequestWriter.Write(request, target, output, warnings);

    /// <inheritdoc/>
    public override AnswerReader NewAnswerReader(string? maker, int choices) => new GeminiAnswerReader();

    /// <inheritdoc/>
    public override Problem ReadProblem(int status, ReadOnlySpan<byte> body) => GeminiProblems.Read(status, body);
}
