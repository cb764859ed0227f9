using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Dialects;

/// <summary>Reads an answer in whose text thoughts may stand, and tells them apart.</summary>
public sealed class ThoughtSplittingReader(AnswerReader answer, ThoughtSplitter splitter) : AnswerReader
{
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
        foreach (var chatEvent in read) splitter.Take(chatEvent, events);
        read.Clear();
    }
}
