using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire;

/// <summary>Reads an answer through another reader, and makes others of its events.</summary>
/// <param name="answer">Reads the answer.</param>
public abstract class FilteringReader(AnswerReader answer) : AnswerReader
{
    private readonly List<ChatEvent> read = [];

    /// <inheritdoc/>
    public override bool IsComplete => answer.IsComplete;

    /// <inheritdoc/>
    public override void ReadFrame(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, ICollection<ChatEvent> events)
    {
        answer.ReadFrame(eventType, data, read);
        Filter(events);
    }

    /// <inheritdoc/>
    public override void ReadWhole(ReadOnlySpan<byte> body, ICollection<ChatEvent> events)
    {
        answer.ReadWhole(body, read);
        Filter(events);
    }

    /// <summary>Adds to <paramref name="events"/> what is made of one that was read.</summary>
    protected abstract void Filter(ChatEvent chatEvent, ICollection<ChatEvent> events);

    private void Filter(ICollection<ChatEvent> events)
    {
        foreach (var chatEvent in read) Filter(chatEvent, events);
        read.Clear();
    }
}
