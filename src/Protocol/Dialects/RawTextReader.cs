using System.Text;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.Dialects;

/// <summary>Reads the raw text of one choice of an answer: text, reasoning and tool calls apart, whatever pieces it comes in.
/// A delta is given as soon as no further text can change it. Where a format gives a cut-off call back as text, nothing of a call is certain before its end.
/// What is broken never throws: it becomes a <see cref="ParserFinding"/>.</summary>
public sealed class RawTextReader
{
    private readonly Decoder utf8 = Encoding.UTF8.GetDecoder();
    private readonly RawScanner scanner = new();
    private readonly CallWriter writer;
    private readonly IEnumerator<Need> reading;
    private char[] decoded = new char[64];
    private char half;

    /// <param name="style">How the family writes.</param>
    /// <param name="tools">The request's tools: their schemas give untyped arguments their types. Empty where unknown; then calls of any tool are read.</param>
    /// <param name="startsInThought">Whether the prompt left a thought open (<see cref="ThoughtMarks.IsOpenAfter"/>).</param>
    /// <param name="choice">The choice's index.</param>
    public RawTextReader(TextStyle style, IReadOnlyList<ToolDefinition> tools, bool startsInThought = false, int choice = 0)
    {
        ArgumentNullException.ThrowIfNull(style);
        writer = new CallWriter(choice, tools, style.Calls is { } format ? format.NewId : CallIds.New, style.Calls?.Trim ?? TextTrim.None);
        writer.IsInThought = startsInThought && style.Thoughts is not null;
        var shared = new RawReading(scanner, writer, tools);
        bool isWhole = style.Calls is { ReadsWholeAnswer: true };
        reading = (isWhole ? style.Calls!.Read(shared) : new ThoughtsAndCalls(style).Read(shared, startsInThought)).GetEnumerator();
    }

    /// <summary>Whether a tool was called so far.</summary>
    public bool HasCalls => writer.Calls > 0;

    /// <summary>Whether the text so far ends within a thought.</summary>
    public bool IsInThought => writer.IsInThought;

    /// <summary>Takes more text and returns what it makes certain.</summary>
    public IReadOnlyList<ChatEvent> Add(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return [];
        if (half != '\0') scanner.Add([half]);
        half = char.IsHighSurrogate(text[^1]) ? text[^1] : '\0'; // A pair is never given in halves.
        scanner.Add(half == '\0' ? text : text[..^1]);
        return Go();
    }

    /// <summary>Takes more text in UTF-8, which may be cut within a character.</summary>
    public IReadOnlyList<ChatEvent> Add(ReadOnlySpan<byte> text)
    {
        int most = Encoding.UTF8.GetMaxCharCount(text.Length);
        if (decoded.Length < most) decoded = new char[most];
        return Add(decoded.AsSpan(0, utf8.GetChars(text, decoded, flush: false)));
    }

    /// <summary>Says that the text is complete and returns what was held back.</summary>
    public IReadOnlyList<ChatEvent> Complete()
    {
        if (scanner.IsComplete) return [];
        int left = utf8.GetChars([], decoded, flush: true);
        if (half != '\0') scanner.Add([half]);
        scanner.Add(decoded.AsSpan(0, left));
        scanner.Complete();
        while (reading.MoveNext())
        {
        }

        writer.Complete();
        return writer.Take();
    }

    private IReadOnlyList<ChatEvent> Go()
    {
        reading.MoveNext();
        return writer.Take();
    }
}
