using System.Text;
using Countersign.Protocol.Dialects;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Thoughts that a server of OpenAI's API left in the text of an answer that would be passed on. Such an answer is read instead, and written anew with the thoughts told apart.
/// A look at the bytes; a false alarm costs the reading.</summary>
internal sealed class LeftThoughts(ThoughtMarks marks, bool mayStartInThought)
{
    private readonly byte[][] opens = Spellings(marks.Open), closes = Spellings(marks.Close);

    /// <summary>Reads the answer, of which so many choices were asked for.</summary>
    public AnswerReader NewReader(int choices) => new ThoughtSplittingReader(WireApi.For(WireApiKind.OpenAiChat).NewAnswerReader(null, choices), new ThoughtSplitter(marks, mayStartInThought));

    /// <summary>Whether a whole answer may hold some.</summary>
    public bool MayBeIn(ReadOnlySpan<byte> body)
    {
        foreach (byte[] close in closes)
        {
            if (body.IndexOf(close) >= 0) return true;
        }

        return false;
    }

    /// <summary>Whether a stream begins with one in its text; <c>null</c> while no frame has said. Where the prompt opens the thought nothing shows it before its end,
    /// and a stream is not kept back for that.</summary>
    public bool? BeginsIn(ReadOnlySpan<byte> data)
    {
        if (FrameRules.MayThink(WireApiKind.OpenAiChat, default, data)) return false;
        var text = FrameRules.TextOf(data, "\"content\""u8);
        if (text.IsEmpty) return FrameRules.IsHead(WireApiKind.OpenAiChat, default, data) ? null : false;
        text = Trim(text);
        return text.IsEmpty ? null : MayOpen(text);
    }

    private bool MayOpen(ReadOnlySpan<byte> text)
    {
        foreach (byte[] open in opens)
        {
            if (text.StartsWith(open) || open.AsSpan().StartsWith(text)) return true;
        }

        return false;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == ' ') text = text[1..];
            else if (text is [(byte)'\\', (byte)'n' or (byte)'r' or (byte)'t', ..]) text = text[2..];
            else break;
        }

        return text;
    }

    /// <summary>The marks as JSON may spell them: some servers escape what means something in HTML.</summary>
    private static byte[][] Spellings(IReadOnlyList<string> marks) =>
        [.. marks.SelectMany(mark => new[] { mark, mark.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal) }).Distinct().Select(Encoding.UTF8.GetBytes)];
}
