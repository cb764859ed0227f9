using System.Text;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Dialects;

/// <summary>Tells thoughts from text where a server may have left both in the content. Only a thought at the beginning of an answer is looked for, and none
/// once the server has shown that it keeps them apart. Not thread-safe; one per answer.</summary>
/// <param name="marks">How the family marks its thoughts.</param>
/// <param name="mayStartInThought">Whether the prompt may have opened the thought: the text is then kept back until its end decides that, and is no thought where nothing closes it.</param>
public sealed class ThoughtSplitter(ThoughtMarks marks, bool mayStartInThought)
{
    private readonly Dictionary<int, Beginning> choices = [];

    /// <summary>Takes an event, and appends what is certain by then.</summary>
    public void Take(ChatEvent chatEvent, ICollection<ChatEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        switch (chatEvent)
        {
            case TextDelta text: Of(text.Choice).Add(text, events); break;
            case ReasoningDelta { Text.Length: > 0 } thought: Pass(thought.Choice, thought, events); break;
            case ToolCallDelta call: Pass(call.Choice, call, events); break;
            case ChoiceFinished end: Pass(end.Choice, end, events); break;
            default: events.Add(chatEvent); break;
        }
    }

    private void Pass(int choice, ChatEvent chatEvent, ICollection<ChatEvent> events)
    {
        Of(choice).End(events);
        events.Add(chatEvent);
    }

    private Beginning Of(int choice)
    {
        if (!choices.TryGetValue(choice, out var beginning)) choices[choice] = beginning = new Beginning(marks, mayStartInThought, choice);
        return beginning;
    }

    /// <summary>A choice whose text is kept back until it is clear what it begins with.</summary>
    private sealed class Beginning(ThoughtMarks marks, bool mayStartInThought, int choice)
    {
        private const int MostSpace = 64; // White space before the opening mark.

        private readonly StringBuilder held = new();
        private readonly int longestClose = marks.Close.Max(mark => mark.Length);
        private RawTextReader? reader;
        private bool isPlain;

        public void Add(TextDelta delta, ICollection<ChatEvent> events)
        {
            if (isPlain)
            {
                events.Add(delta);
                return;
            }

            if (reader is null)
            {
                held.Append(delta.Text);
                Decide(delta.Text.Length, events);
            }
            else
            {
                Give(reader.Add(delta.Text), events);
            }
        }

        /// <summary>No more text can decide anything.</summary>
        public void End(ICollection<ChatEvent> events)
        {
            if (reader is not null) Give(reader.Complete(), events);
            else if (!isPlain && held.Length > 0) events.Add(new TextDelta(choice, held.ToString()));
            (reader, isPlain) = (null, true);
        }

        private void Decide(int added, ICollection<ChatEvent> events)
        {
            if (MayOpen() is { } opens)
            {
                if (opens) Start(startsInThought: false, events);
            }
            else if (!mayStartInThought)
            {
                End(events);
            }
            else if (Closes(added))
            {
                Start(startsInThought: true, events);
            }
        }

        private void Start(bool startsInThought, ICollection<ChatEvent> events)
        {
            reader = new RawTextReader(new TextStyle(null, marks), [], startsInThought, choice);
            Give(reader.Add(held.ToString()), events);
            held.Clear();
        }

        /// <summary>Whether the text begins with an opening mark; <c>null</c> where it begins otherwise, <c>false</c> where that is open yet.</summary>
        private bool? MayOpen()
        {
            int most = marks.Open.Max(mark => mark.Length) + MostSpace;
            string text = held.ToString(0, Math.Min(held.Length, most)).TrimStart();
            if (marks.Open.Any(mark => text.StartsWith(mark, StringComparison.Ordinal))) return true;
            if (held.Length > most) return null;
            return marks.Open.Any(mark => mark.StartsWith(text, StringComparison.Ordinal)) ? false : null;
        }

        /// <summary>Whether the text added last ends a thought; only that much is searched.</summary>
        private bool Closes(int added)
        {
            int from = Math.Max(0, held.Length - added - longestClose);
            string tail = held.ToString(from, held.Length - from);
            return marks.Close.Any(mark => tail.Contains(mark, StringComparison.Ordinal));
        }

        private static void Give(IReadOnlyList<ChatEvent> read, ICollection<ChatEvent> events)
        {
            foreach (var chatEvent in read) events.Add(chatEvent);
        }
    }
}
