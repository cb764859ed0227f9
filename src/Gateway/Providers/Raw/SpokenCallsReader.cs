using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.ToolCalls;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Raw;

/// <summary>Reads the answer of a chat server whose model was told of its tools in words: calls are in the text.</summary>
internal sealed class SpokenCallsReader(AnswerReader answer, IReadOnlyList<ToolDefinition> tools) : FilteringReader(answer)
{
    private readonly RawAnswer raw = new(new TextStyle(ToolCallFormats.Hermes, null), tools, startsInThought: false);

    /// <inheritdoc/>
    protected override void Filter(ChatEvent chatEvent, ICollection<ChatEvent> events)
    {
        foreach (var meant in raw.EventsOf(chatEvent)) events.Add(meant);
    }
}
