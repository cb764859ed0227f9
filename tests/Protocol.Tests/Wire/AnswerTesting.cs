using System.Text;
using System.Text.RegularExpressions;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Sse;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>Reads answers as a provider would, and puts their events into short lines.</summary>
internal static partial class AnswerTesting
{
    /// <summary>The events of a stream that comes in the given pieces.</summary>
    public static List<ChatEvent> ReadStream(AnswerReader reader, IEnumerable<byte[]> pieces)
    {
        using var scanner = new SseScanner();
        var events = new List<ChatEvent>();
        foreach (byte[] piece in pieces)
        {
            for (int done = 0; done < piece.Length;)
            {
                var room = scanner.GetMemory();
                int count = Math.Min(room.Length, piece.Length - done);
                piece.AsMemory(done, count).CopyTo(room);
                scanner.Advance(count);
                done += count;
                ReadFrames();
            }
        }

        scanner.End();
        ReadFrames();
        return events;

        void ReadFrames()
        {
            while (scanner.TryRead(out var frame)) reader.ReadFrame(frame.EventType, frame.Data, events);
        }
    }

    public static List<ChatEvent> ReadStream(AnswerReader reader, string stream) => ReadStream(reader, [Encoding.UTF8.GetBytes(stream)]);

    /// <summary>The stream that has each line as an event's data.</summary>
    public static string StreamOf(params string[] data) => string.Concat(data.Select(line => $"data: {line}\n\n"));

    /// <summary>Each event as a line; ids that were made here read <c>call_*</c>.</summary>
    public static string[] Lines(IEnumerable<ChatEvent> events) => [.. events.Select(Line)];

    private static string Line(ChatEvent chatEvent) => chatEvent switch
    {
        AnswerStarted e => $"start {e.Id} {e.Model}",
        TextDelta e => $"{e.Choice} text {e.Text}",
        ReasoningDelta e => $"{e.Choice} think {e.Text}{Tail("signature", e.Signature)}{Tail("redacted", e.Redacted)}",
        RefusalDelta e => $"{e.Choice} refusal {e.Text}",
        ToolCallDelta e => $"{e.Choice} call {e.Index}{Tail("id", Made().Replace(e.Id ?? "", "call_*"))}{Tail("name", e.Name)} {e.Arguments}".TrimEnd(),
        LogprobsDelta e => $"{e.Choice} logprobs {string.Join(' ', e.Tokens.Select(t => $"{t.Token}={t.Logprob}({string.Join(' ', (t.Top ?? []).Select(top => top.Token))})"))}",
        ChoiceFinished e => $"{e.Choice} {e.Reason}{Tail("at", e.StopSequence)}",
        UsageReported { Usage: var u } => $"usage in={u.InputTokens} cached={u.CachedInputTokens} written={u.CacheWriteTokens} out={u.OutputTokens} reasoning={u.ReasoningTokens}",
        _ => chatEvent.ToString(),
    };

    private static string Tail(string name, string? value) => string.IsNullOrEmpty(value) ? "" : $" {name}={value}";

    [GeneratedRegex("^call_[0-9a-f]{24}$")]
    private static partial Regex Made();
}
