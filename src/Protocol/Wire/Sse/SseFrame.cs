namespace Countersign.Protocol.Wire.Sse;

/// <summary>One event of a stream. Its spans live until the scanner is asked for the next one.</summary>
public readonly ref struct SseFrame
{
    internal SseFrame(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data)
    {
        EventType = eventType;
        Data = data;
    }

    /// <summary>The <c>event:</c> line's value; empty where there is none.</summary>
    public ReadOnlySpan<byte> EventType { get; }

    /// <summary>The <c>data:</c> lines' values, joined by line feeds.</summary>
    public ReadOnlySpan<byte> Data { get; }
}
