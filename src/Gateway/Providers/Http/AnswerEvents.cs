using System.Buffers;
using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Sse;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Asks for an answer and reads its body into events. Throws where it is refused, cut or malformed, or holds an error.</summary>
internal static class AnswerEvents
{
    // Room for images in base64.
    private const int MostEventBytes = 32 * 1024 * 1024;

    private static readonly WireFacts Awaited = new([AnswerAwaited.Seen]);

    /// <summary>A whole answer, understood.</summary>
    public static async IAsyncEnumerable<ChatEvent> ReadWholeAsync(Func<ValueTask<UpstreamAnswer>> send, AnswerReader reader)
    {
        using var answer = await send();
        using var body = new PooledBuffer();
        await answer.ReadAllAsync(body);
        foreach (var chatEvent in Understand(body, reader)) yield return chatEvent;
    }

    /// <summary>A whole answer, passed on.</summary>
    /// <param name="send">Asks for the answer.</param>
    /// <param name="reader">Understands it.</param>
    /// <param name="left">What its text may hold that must be told apart; <c>null</c>: nothing.</param>
    public static async IAsyncEnumerable<ChatEvent> ForwardWholeAsync(Func<ValueTask<UpstreamAnswer>> send, AnswerReader reader, LeftThoughts? left)
    {
        using var answer = await send();
        using var body = new PooledBuffer();
        await answer.ReadAllAsync(body);
        if (left?.MayBeIn(body.Written.Span) == true)
        {
            foreach (var chatEvent in Understand(body, left.NewReader(choices: 1))) yield return chatEvent;
            yield break;
        }

        var facts = new List<ChatEvent>();
        var failure = Read(body, reader, facts);
        yield return new WireFacts(facts);
        if (failure is not null) throw failure;
        yield return new WireFrames(body.Written, IsLast: true);
    }

    /// <summary>A stream, understood.</summary>
    /// <param name="send">Asks for the stream.</param>
    /// <param name="reader">Understands its frames.</param>
    /// <param name="framing">The API whose last frame is known.</param>
    /// <param name="timer">Sees the tokens.</param>
    public static async IAsyncEnumerable<ChatEvent> ReadStreamAsync(Func<ValueTask<UpstreamAnswer>> send, AnswerReader reader, WireApiKind framing, CallTimer timer)
    {
        using var answer = await send();
        using var scanner = new SseScanner(MostEventBytes);
        await foreach (var chatEvent in ReadOnAsync(answer, scanner, reader, framing, timer, hasBegun: false)) yield return chatEvent;
    }

    private static async IAsyncEnumerable<ChatEvent> ReadOnAsync(UpstreamAnswer answer, SseScanner scanner, AnswerReader reader, WireApiKind framing, CallTimer timer, bool hasBegun)
    {
        var events = new List<ChatEvent>();
        for (bool isOver = false; !isOver;)
        {
            isOver = TakeIn(answer.Counted(await answer.ReadAsync(scanner.GetMemory())), scanner);
            bool hasFrames = false;
            ProblemException? failure = null;
            while (failure is null && scanner.TryRead(out var frame))
            {
                hasFrames = true;
                hasBegun = hasBegun || !FrameRules.IsHead(framing, frame.EventType, frame.Data);
                failure = Read(reader, frame, events);
                isOver |= FrameRules.IsLast(framing, frame.EventType, frame.Data);
            }

            if (failure is not null)
            {
                yield return new WireFacts(events);
                throw failure;
            }

            if (isOver && !reader.IsComplete) throw Cut();
            if (hasBegun && hasFrames) timer.SeeToken(); // Comments and heads are no tokens.
            if (isOver) answer.ReadOverEnd();
            if (!hasBegun) yield return Awaited;
            foreach (var chatEvent in events) yield return chatEvent;
            events.Clear();
        }
    }

    /// <summary>A stream, passed on: all frames of one read are one event, and only those frames are parsed that may say something for the record.
    /// What comes before the answer proper, comments too, is held back until that begins: until then another deployment can be asked.</summary>
    /// <param name="send">Asks for the stream.</param>
    /// <param name="reader">Understands its frames.</param>
    /// <param name="framing">The API whose frames are known.</param>
    /// <param name="timer">Sees the tokens.</param>
    /// <param name="showUsage">Whether the client asked for a frame that only counts.</param>
    /// <param name="left">What its text may begin with that must be told apart; <c>null</c>: nothing.</param>
    /// <param name="choices">How many choices were asked for.</param>
    public static async IAsyncEnumerable<ChatEvent> ForwardStreamAsync(Func<ValueTask<UpstreamAnswer>> send, AnswerReader reader, WireApiKind framing, CallTimer timer, bool showUsage, LeftThoughts? left, int choices)
    {
        using var answer = await send();
        ArrayBufferWriter<byte>? held = null;
        bool? begins = left is null ? false : null;
        using var scanner = new SseScanner(MostEventBytes);
        var facts = new List<ChatEvent>();
        bool isFirst = true, hasBegun = false, mayThink = true, mayAnswer = true; // Of thoughts and of the answer proper, the first frame says that there are any.
        for (bool isOver = false; !isOver;)
        {
            isOver = TakeIn(answer.Counted(await answer.ReadAsync(scanner.GetMemory())), scanner);
            bool hasFrames = false, flows = hasBegun, tells = false; // Whether the client is to have the upstream's own word of a failure.
            ProblemException? failure = null;
            while (scanner.TryRead(out var frame))
            {
                bool answers = mayAnswer && FrameRules.MayAnswer(framing, frame.EventType, frame.Data), thinks = mayThink && mayAnswer && FrameRules.MayThink(framing, frame.EventType, frame.Data);
                (mayAnswer, mayThink) = (mayAnswer && !answers, mayThink && !thinks);
                bool isOfInterest = FrameRules.IsOfInterest(framing, frame.EventType, frame.Data);
                if (isFirst || thinks || isOfInterest) failure = Read(reader, frame, facts);
                if (failure is not null)
                {
                    tells = flows && FrameRules.IsFailure(framing, frame.EventType);
                    break;
                }

                if (answers) facts.Add(AnswerBegun.Seen);
                isOver |= FrameRules.IsLast(framing, frame.EventType, frame.Data);
                (isFirst, hasFrames, hasBegun) = (false, true, hasBegun || answers || thinks || !FrameRules.IsHead(framing, frame.EventType, frame.Data));
                begins ??= left!.BeginsIn(frame.Data);
                if (!showUsage && isOfInterest && FrameRules.IsUsageAlone(frame.Data)) scanner.DropLast();
            }

            if (failure is not null && !tells)
            {
                yield return new WireFacts(facts);
                throw failure;
            }

            if (isOver && failure is null && !reader.IsComplete) throw Cut();
            if (hasBegun && hasFrames) timer.SeeToken(); // Comments and heads are no tokens.
            if (isOver) answer.ReadOverEnd();
            if (!hasBegun) facts.Add(AnswerAwaited.Seen);
            if (facts.Count > 0) yield return new WireFacts(facts);
            facts.Clear();
            var frames = scanner.TakeRaw();
            bool mayGo = isOver || (hasBegun && begins is not null);
            if (held is not null || !mayGo)
            {
                (held ??= new ArrayBufferWriter<byte>(1024)).Write(frames.Span);
                if (!mayGo) continue;
                (frames, held) = (held.WrittenMemory, null);
            }

            if (begins == true)
            {
                await foreach (var chatEvent in TellApartAsync(answer, frames, isOver, scanner, left!.NewReader(choices), timer)) yield return chatEvent;
                yield break;
            }

            if (failure is not null)
            {
                yield return new WireFrames(frames, IsLast: false) { TellFailure = true };
                throw failure;
            }

            if (isOver || !frames.IsEmpty) yield return new WireFrames(frames, isOver);
        }
    }

    /// <summary>Reads a frame. A failure is returned: what was counted before it, or in its own frame, is to be billed.</summary>
    private static ProblemException? Read(AnswerReader reader, SseFrame frame, List<ChatEvent> events)
    {
        try
        {
            reader.ReadFrame(frame.EventType, frame.Data, events);
            return null;
        }
        catch (ProblemException failed)
        {
            return failed;
        }
    }

    /// <summary>A stream that was to be passed on and is not: what was held back, and the rest.</summary>
    private static async IAsyncEnumerable<ChatEvent> TellApartAsync(UpstreamAnswer answer, ReadOnlyMemory<byte> held, bool isOver, SseScanner scanner, AnswerReader reader, CallTimer timer)
    {
        foreach (var chatEvent in Reread(held.Span, reader)) yield return chatEvent;
        if (isOver) yield break;
        await foreach (var chatEvent in ReadOnAsync(answer, scanner, reader, WireApiKind.OpenAiChat, timer, hasBegun: true)) yield return chatEvent;
    }

    private static List<ChatEvent> Reread(ReadOnlySpan<byte> frames, AnswerReader reader)
    {
        using var scanner = new SseScanner(MostEventBytes);
        var events = new List<ChatEvent>();
        while (!frames.IsEmpty)
        {
            var room = scanner.GetMemory().Span;
            int length = Math.Min(room.Length, frames.Length);
            frames[..length].CopyTo(room);
            frames = frames[length..];
            scanner.Advance(length);
            while (scanner.TryRead(out var frame)) reader.ReadFrame(frame.EventType, frame.Data, events);
        }

        return events;
    }

    /// <summary>Takes in what has come; says whether that was the end.</summary>
    private static bool TakeIn(int read, SseScanner scanner)
    {
        if (read == 0) scanner.End();
        else scanner.Advance(read);
        return read == 0;
    }

    private static IEnumerable<ChatEvent> Understand(PooledBuffer body, AnswerReader reader)
    {
        var events = new List<ChatEvent>();
        if (Read(body, reader, events) is { } failure)
        {
            yield return new WireFacts(events);
            throw failure;
        }

        foreach (var chatEvent in events) yield return chatEvent;
    }

    /// <summary>Reads a whole answer. A failure is returned, as of a frame.</summary>
    private static ProblemException? Read(PooledBuffer body, AnswerReader reader, List<ChatEvent> events)
    {
        try
        {
            reader.ReadWhole(body.Written.Span, events);
            return null;
        }
        catch (ProblemException failed)
        {
            return failed;
        }
    }

    private static ProblemException Cut() => new(UpstreamFailure.Broken());
}
