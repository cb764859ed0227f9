using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Sse;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Reads an answer's body into events. Throws where it is cut or malformed, or holds an error.</summary>
internal static class AnswerEvents
{
    // Room for images in base64.
    private const int MostEventBytes = 32 * 1024 * 1024;

    /// <summary>A whole answer, understood.</summary>
    public static async IAsyncEnumerable<ChatEvent> ReadWholeAsync(UpstreamAnswer answer, AnswerReader reader)
    {
        using var body = new PooledBuffer();
        await answer.ReadAllAsync(body);
        foreach (var chatEvent in Understand(body, reader)) yield return chatEvent;
    }

    /// <summary>A whole answer, passed on.</summary>
    public static async IAsyncEnumerable<ChatEvent> ForwardWholeAsync(UpstreamAnswer answer, AnswerReader reader)
    {
        using var body = new PooledBuffer();
        await answer.ReadAllAsync(body);
        yield return new WireFacts(Understand(body, reader));
        yield return new WireFrames(body.Written, IsLast: true);
    }

    /// <summary>A stream, understood.</summary>
    /// <param name="answer">The stream.</param>
    /// <param name="reader">Understands its frames.</param>
    /// <param name="framing">The API whose last frame is known.</param>
    /// <param name="timer">Sees the tokens.</param>
    public static async IAsyncEnumerable<ChatEvent> ReadStreamAsync(UpstreamAnswer answer, AnswerReader reader, WireApiKind framing, CallTimer timer)
    {
        using var scanner = new SseScanner(MostEventBytes);
        var events = new List<ChatEvent>();
        for (bool isOver = false; !isOver;)
        {
            isOver = await FillAsync(answer, scanner);
            while (scanner.TryRead(out var frame))
            {
                timer.SeeToken();
                reader.ReadFrame(frame.EventType, frame.Data, events);
                isOver |= FrameRules.IsLast(framing, frame.EventType, frame.Data);
            }

            if (isOver && !reader.IsComplete) throw Cut();
            if (isOver) answer.ReadOverEnd();
            foreach (var chatEvent in events) yield return chatEvent;
            events.Clear();
        }
    }

    /// <summary>A stream, passed on: all frames of one read are one event, and only those frames are parsed that may say something for the record.</summary>
    /// <param name="answer">The stream.</param>
    /// <param name="reader">Understands its frames.</param>
    /// <param name="framing">The API whose frames are known.</param>
    /// <param name="timer">Sees the tokens.</param>
    /// <param name="showUsage">Whether the client asked for a frame that only counts.</param>
    public static async IAsyncEnumerable<ChatEvent> ForwardStreamAsync(UpstreamAnswer answer, AnswerReader reader, WireApiKind framing, CallTimer timer, bool showUsage)
    {
        using var scanner = new SseScanner(MostEventBytes);
        var facts = new List<ChatEvent>();
        bool isFirst = true, mayThink = true, mayAnswer = true; // Of thoughts and of the answer proper, the first frame says that there are any.
        for (bool isOver = false; !isOver;)
        {
            isOver = await FillAsync(answer, scanner);
            while (scanner.TryRead(out var frame))
            {
                bool answers = mayAnswer && FrameRules.MayAnswer(framing, frame.EventType, frame.Data), thinks = mayThink && mayAnswer && FrameRules.MayThink(framing, frame.EventType, frame.Data);
                (mayAnswer, mayThink) = (mayAnswer && !answers, mayThink && !thinks);
                if (isFirst || answers || thinks || FrameRules.IsOfInterest(framing, frame.EventType, frame.Data)) reader.ReadFrame(frame.EventType, frame.Data, facts);
                isOver |= FrameRules.IsLast(framing, frame.EventType, frame.Data);
                isFirst = false;
                if (!showUsage && FrameRules.IsUsageAlone(frame.Data)) scanner.DropLast();
            }

            if (isOver && !reader.IsComplete) throw Cut();
            if (!isFirst) timer.SeeToken();
            if (isOver) answer.ReadOverEnd();
            if (facts.Count > 0) yield return new WireFacts(facts);
            facts.Clear();
            var frames = scanner.TakeRaw();
            if (isOver || !frames.IsEmpty) yield return new WireFrames(frames, isOver);
        }
    }

    /// <summary>Takes in what has come; says whether that was the end.</summary>
    private static async ValueTask<bool> FillAsync(UpstreamAnswer answer, SseScanner scanner)
    {
        int read = await answer.ReadAsync(scanner.GetMemory());
        if (read == 0) scanner.End();
        else scanner.Advance(read);
        return read == 0;
    }

    private static List<ChatEvent> Understand(PooledBuffer body, AnswerReader reader)
    {
        var events = new List<ChatEvent>();
        reader.ReadWhole(body.Written.Span, events);
        return events;
    }

    private static ProblemException Cut() => new(UpstreamFailure.Broken());
}
