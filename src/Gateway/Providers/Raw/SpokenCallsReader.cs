using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.ToolCalls;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Raw;

/// <summary>Reads the answer of a chat server whose model was told of its tools in words: calls are in the text.</summary>
internal sealed class SpokenCallsReader(AnswerReader answer, IReadOnlyList<ToolDefinition> tools) : AnswerReader
{
    private readonly RawAnswer raw = new(new TextStyle(ToolCallFormats.Hermes, null), tools, startsInThought: false);
    private readonly List<ChatEvent> read = [];

    /// <inheritdoc/>
    public override bool IsComplete => answer.IsComplete;

    /// <inheritdoc/>
    public override void ReadFrame(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, ICollection<ChatEvent> events)
    {
        answer.ReadFrame(eventType, data, read);
        PassOn(events);
    }

    /// <inheritdoc/>
    public override void ReadWhole(ReadOnlySpan<byte> body, ICollection<ChatEvent> events)
    {
        answer.ReadWhole(body, read);
        PassOn(events);
    }

    private void PassOn(ICollection<ChatEvent> events)
    {
        foreach (var chatEvent in read)
        {
            foreach (var meant in raw.EventsOf(chatEvent)) events.Add(meant);
        }

        read.Clear();
    }
}
