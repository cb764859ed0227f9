using System.Buffers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>OpenAI's <see href="https://platform.openai.com/docs/api-reference/responses">responses</see>, without state: nothing is stored, so nothing can be referred to.</summary>
internal sealed class ResponsesApi : WireApi
{
    /// <inheritdoc/>
    public override WireApiKind Kind => WireApiKind.OpenAiResponses;

    /// <inheritdoc/>
    public override ChatRequest ReadRequest(WireRequest wire) => ResponsesRequestReader.Read(wire);

    /// <inheritdoc/>
    public override void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> warnings) =>
        ResponsesRequestWriter.Write(request, target, output, warnings);

    /// <inheritdoc/>
    public override string SchemaParam(int index) => $"tools[{index}].parameters";

    private protected override IReadOnlyList<ToolDefinition> ReadTools(WireValue tools, WireValue choice)
    {
        var read = ResponsesTools.Read(tools);
        _ = ResponsesTools.ReadChoice(choice, read, []);
        return read;
    }

    /// <inheritdoc/>
    public override AnswerReader NewAnswerReader(string? maker, int choices) => new ResponsesAnswerReader(maker);

    /// <inheritdoc/>
    public override AnswerWriter NewAnswerWriter(AnswerHead head) => new ResponsesAnswerWriter(head);

    /// <inheritdoc/>
    public override void WriteProblem(Problem problem, IBufferWriter<byte> output) => OpenAiProblem.Write(problem, output);

    /// <inheritdoc/>
    public override Problem ReadProblem(int status, ReadOnlySpan<byte> body) => OpenAiProblem.Read(status, body);
}
