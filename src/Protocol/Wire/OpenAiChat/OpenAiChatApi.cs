using System.Buffers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>OpenAI's <see href="https://platform.openai.com/docs/api-reference/chat">chat completions</see>, as OpenAI and the many servers after its model speak it.</summary>
internal sealed class OpenAiChatApi : WireApi
{
    public override WireApiKind Kind => WireApiKind.OpenAiChat;

    public override ChatRequest ReadRequest(WireRequest wire) => OpenAiChatRequestReader.Read(wire);

    public override void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> warnings) =>
        OpenAiChatRequestWriter.Write(request, target, output, warnings);

    public override string SchemaParam(int index) => $"tools[{index}].function.parameters";

    private protected override IReadOnlyList<ToolDefinition> ReadTools(WireValue tools, WireValue choice)
    {
        var read = OpenAiChatTools.Read(tools);
        _ = OpenAiChatTools.ReadChoice(choice, read, []);
        return read;
    }

    public override AnswerReader NewAnswerReader(string? maker, int choices) => new OpenAiChatAnswerReader(choices);

    public override AnswerWriter NewAnswerWriter(AnswerHead head) => new OpenAiChatAnswerWriter(head);

    public override void WriteProblem(Problem problem, IBufferWriter<byte> output) => OpenAiProblem.Write(problem, output);

    public override Problem ReadProblem(int status, ReadOnlySpan<byte> body) => OpenAiProblem.Read(status, body);
}
