using System.Buffers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Anthropic's <see href="https://docs.anthropic.com/en/api/messages">messages</see>. The body of a <c>count_tokens</c> request is one of these too, without <c>max_tokens</c>.</summary>
internal sealed class AnthropicApi : WireApi
{
    /// <inheritdoc/>
    public override WireApiKind Kind => WireApiKind.AnthropicMessages;

    /// <inheritdoc/>
    public override ChatRequest ReadRequest(WireRequest wire) => AnthropicRequestReader.Read(wire);

    /// <inheritdoc/>
    public override void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> warnings) =>
        AnthropicRequestWriter.Write(request, target, output, warnings);

    /// <inheritdoc/>
    public override string? ThinkingObstacle(ChatRequest request) => request.Api == Kind ? null : AnthropicForeign.ThinkingObstacle(request);

    /// <inheritdoc/>
    public override string SchemaParam(int index) => $"tools[{index}].input_schema";

    private protected override IReadOnlyList<ToolDefinition> ReadTools(WireValue tools, WireValue choice)
    {
        var read = AnthropicTools.Read(tools);
        _ = AnthropicTools.ReadChoice(choice, read);
        return read;
    }

    /// <inheritdoc/>
    public override AnswerReader NewAnswerReader(string? maker, int choices) => new AnthropicAnswerReader(maker);

    /// <inheritdoc/>
    public override AnswerWriter NewAnswerWriter(AnswerHead head) => new AnthropicAnswerWriter(head);

    /// <inheritdoc/>
    public override void WriteProblem(Problem problem, IBufferWriter<byte> output) => AnthropicProblems.Write(problem, output);

    /// <inheritdoc/>
    public override Problem ReadProblem(int status, ReadOnlySpan<byte> body) => AnthropicProblems.Read(status, body);
}
