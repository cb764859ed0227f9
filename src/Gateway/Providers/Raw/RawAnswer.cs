using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects;

namespace Countersign.Gateway.Providers.Raw;

/// <summary>Reads what a model goes on with after its prompt: text, reasoning and tool calls, of each choice on its own.</summary>
/// <param name="style">How thoughts and calls stand in it.</param>
/// <param name="tools">The tools that it may call.</param>
/// <param name="startsInThought">Whether the prompt left a thought open.</param>
internal sealed class RawAnswer(TextStyle style, IReadOnlyList<ToolDefinition> tools, bool startsInThought)
{
    private readonly Dictionary<int, RawTextReader> readers = [];

    /// <summary>The answer to a chat.</summary>
    public RawAnswer(RawChat chat, bool startsInThought) : this(chat.Style, chat.Tools, startsInThought)
    {
    }

    /// <summary>Whether thoughts are told from text.</summary>
    public bool TellsThoughts => style.Thoughts is not null || style.IsChannelled;

    /// <summary>Whether a choice's text so far ends within a thought.</summary>
    public bool IsInThought(int choice) => ReaderOf(choice).IsInThought;

    /// <summary>What more text of a choice makes certain.</summary>
    public IReadOnlyList<ChatEvent> Add(int choice, string text) => ReaderOf(choice).Add(text);

    /// <summary>The end of a choice: what was held back, and why it ended.</summary>
    public IReadOnlyList<ChatEvent> Finish(int choice, FinishReason reason, string? stopSequence)
    {
        var reader = ReaderOf(choice);
        var rest = reader.Complete();
        bool called = reader.HasCalls && reason == FinishReason.Stop;
        return [.. rest, new ChoiceFinished(choice, called ? FinishReason.ToolCalls : reason, stopSequence)];
    }

    /// <summary>What an event of the raw answer means.</summary>
    public IReadOnlyList<ChatEvent> EventsOf(ChatEvent raw) => raw switch
    {
        TextDelta text => Add(text.Choice, text.Text),
        ChoiceFinished finished => Finish(finished.Choice, finished.Reason, finished.StopSequence),
        _ => [raw],
    };

    private RawTextReader ReaderOf(int choice)
    {
        if (!readers.TryGetValue(choice, out var reader)) readers[choice] = reader = new RawTextReader(style, tools, startsInThought, choice);
        return reader;
    }
}
