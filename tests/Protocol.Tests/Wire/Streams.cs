using System.Buffers;
using System.Text;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>Runs answers through readers and writers, as text.</summary>
internal static class Streams
{
    /// <summary>The events of a stream whose frames are complete.</summary>
    public static List<ChatEvent> Read(AnswerReader reader, string stream)
    {
        List<ChatEvent> events = [];
        foreach (string frame in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string type = "", data = "";
            foreach (string line in frame.Split('\n'))
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
                if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            }

            reader.ReadFrame(Encoding.UTF8.GetBytes(type), Encoding.UTF8.GetBytes(data), events);
        }

        return events;
    }

    /// <summary>The events of a whole answer.</summary>
    public static List<ChatEvent> ReadWhole(AnswerReader reader, string body)
    {
        List<ChatEvent> events = [];
        reader.ReadWhole(Encoding.UTF8.GetBytes(body), events);
        return events;
    }

    /// <summary>The stream that a writer makes of events, its end included.</summary>
    public static string Write(AnswerWriter writer, IEnumerable<ChatEvent> events, Usage? usage)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var chatEvent in events) writer.WriteFrame(chatEvent, output);
        writer.WriteEnd(usage, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The body that a writer makes of a whole answer.</summary>
    public static string WriteWhole(AnswerWriter writer, ChatAnswer answer, Usage? usage, string countersign = "")
    {
        var output = new ArrayBufferWriter<byte>();
        writer.WriteWhole(answer, usage, Encoding.UTF8.GetBytes(countersign), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The answer that events add up to.</summary>
    public static ChatAnswer Build(IEnumerable<ChatEvent> events)
    {
        var builder = new AnswerBuilder();
        foreach (var chatEvent in events) builder.Add(chatEvent);
        return builder.Build();
    }

    /// <summary>Events as lines, for comparison; without the upstream's own words for its usage.</summary>
    public static string Lines(IEnumerable<ChatEvent> events) => string.Join('\n', events.Select(chatEvent => chatEvent is UsageReported usage ? usage with { Raw = null } : chatEvent));
}
