using System.Text;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Sse;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>However the bytes of a stream are cut on their way, the same events come out; and a cut or damaged stream never passes for a whole one.</summary>
public class SplitStreamTests
{
    private static readonly AnswerHead Head = new("id_1", "m", DateTimeOffset.UnixEpoch, new ChatRequest { Api = WireApiKind.OpenAiChat, Model = "m", Messages = [] });

    [Theory]
    [InlineData(WireApiKind.OpenAiChat)]
    [InlineData(WireApiKind.OpenAiResponses)]
    [InlineData(WireApiKind.AnthropicMessages)]
    public void Stream_CutAtAnyByte_GivesTheSameEvents(WireApiKind api)
    {
        var random = new Random(7);
        byte[] stream = Stream(api, random);
        string expected = Streams.Lines(Read(api, stream, stream.Length).Where(chatEvent => chatEvent is not LogprobsDelta));
        for (int at = 1; at < stream.Length; at++)
            Assert.Equal(expected, Streams.Lines(Read(api, stream, at)));
    }

    [Theory]
    [InlineData(WireApiKind.OpenAiResponses)]
    [InlineData(WireApiKind.AnthropicMessages)]
    public void Stream_DamagedOrCut_EndsInAProblemOrIncompleteOrAnAnswer(WireApiKind api)
    {
        var random = new Random(8);
        for (int round = 0; round < 300; round++)
        {
            byte[] stream = Stream(api, random);
            int cut = random.Next(stream.Length - 40);
            var reader = WireApi.For(api).NewAnswerReader();
            Feed(reader, stream.AsSpan(0, cut), []);
            Assert.False(reader.IsComplete);
            for (int i = 0; i < 5; i++) stream[random.Next(stream.Length)] = (byte)random.Next(256);
            try
            {
                List<ChatEvent> events = [];
                Feed(WireApi.For(api).NewAnswerReader(), stream, events);
                Streams.Build(events);
            }
            catch (Countersign.Protocol.Problems.ProblemException)
            {
                // Bytes that are no JSON are the upstream's failure, reported as such.
            }
        }
    }

    private static byte[] Stream(WireApiKind api, Random random)
    {
        var events = RandomAnswer.Events(random);
        return Encoding.UTF8.GetBytes(Streams.Write(WireApi.For(api).NewAnswerWriter(Head), events, Streams.Build(events).Usage));
    }

    private static List<ChatEvent> Read(WireApiKind api, byte[] stream, int cut)
    {
        var reader = WireApi.For(api).NewAnswerReader();
        using var scanner = new SseScanner();
        List<ChatEvent> events = [];
        Push(scanner, reader, stream.AsSpan(0, cut), events);
        Push(scanner, reader, stream.AsSpan(cut), events);
        Assert.True(reader.IsComplete);
        return events;
    }

    private static void Feed(AnswerReader reader, ReadOnlySpan<byte> bytes, List<ChatEvent> events)
    {
        using var scanner = new SseScanner();
        Push(scanner, reader, bytes, events);
    }

    private static void Push(SseScanner scanner, AnswerReader reader, ReadOnlySpan<byte> bytes, List<ChatEvent> events)
    {
        while (!bytes.IsEmpty)
        {
            var memory = scanner.GetMemory();
            int count = Math.Min(memory.Length, bytes.Length);
            bytes[..count].CopyTo(memory.Span);
            scanner.Advance(count);
            bytes = bytes[count..];
            while (scanner.TryRead(out var frame)) reader.ReadFrame(frame.EventType, frame.Data, events);
        }
    }
}
