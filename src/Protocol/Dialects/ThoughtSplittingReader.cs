using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Dialects;

/// <summary>Reads an answer in whose text thoughts may stand, and tells them apart.</summary>
public sealed class ThoughtSplittingReader(AnswerReader answer, ThoughtSplitter splitter) : FilteringReader(answer)
{
    /// <inheritdoc/>
    protected override void Filter(ChatEvent chatEvent, ICollection<ChatEvent> events) => splitter.Take(chatEvent, events);
}
