using System.Buffers;
using System.Buffers.Text;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>Forwards a request to an upstream of the same API: the caller's own bytes, but for the model's name, a limit on the output, and,
/// on OpenAI chat streams, the wish for usage, without which nothing could be billed.</summary>
public static class WireForward
{
    private static ReadOnlySpan<byte> WithUsage => "{\"include_usage\":true}"u8;

    /// <summary>Writes the body for the upstream.</summary>
    /// <param name="request">What <see cref="WireRequestScanner"/> found.</param>
    /// <param name="target">The upstream's model; <see cref="WireTarget.Stream"/> is the caller's own wish here and is not looked at.</param>
    /// <param name="maxOutputTokens">The most output tokens to ask for; lowers or adds the limit. <c>null</c>: as the caller wrote it.</param>
    /// <param name="output">Takes the bytes.</param>
    public static void Write(WireRequest request, WireTarget target, int? maxOutputTokens, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(target);
        var ranges = request.Ranges;
        if (!ranges.Model.IsThere) throw new ArgumentException("The request was not made by the scanner.", nameof(request));

        Span<Edit> edits = stackalloc Edit[4];
        int count = 0;
        edits[count++] = new Edit(ranges.Model, EditKind.Model);
        if (request.Stream && request.Api == WireApiKind.OpenAiChat && !request.IncludeUsage) edits[count++] = UsageEdit(request);
        if (maxOutputTokens is { } limit && !(request.MaxOutputTokens <= limit)) count = AddLimit(ranges, edits, count);
        edits = edits[..count];
        edits.Sort((left, right) => left.At.Start.CompareTo(right.At.Start));

        var body = request.Body.Span;
        int done = 0;
        foreach (var edit in edits)
        {
            output.Write(body[done..edit.At.Start]);
            WriteEdit(edit.Kind, request, target, maxOutputTokens ?? 0, output);
            done = edit.At.Start + edit.At.Length;
        }

        output.Write(body[done..]);
    }

    /// <summary>The least edit that makes <c>stream_options.include_usage</c> true.</summary>
    private static Edit UsageEdit(WireRequest request)
    {
        var ranges = request.Ranges;
        if (ranges.IncludeUsage.IsThere) return new Edit(ranges.IncludeUsage, EditKind.True);
        if (!ranges.StreamOptions.IsThere) return new Edit(new ByteRange(ranges.Brace + 1, 0), EditKind.AddStreamOptions);
        bool isNullOrEmpty = request.Body.Span.Slice(ranges.StreamOptions.Start + 1, ranges.StreamOptions.Length - 2).IndexOf((byte)'"') < 0;
        return isNullOrEmpty
            ? new Edit(ranges.StreamOptions, EditKind.StreamOptions)
            : new Edit(new ByteRange(ranges.StreamOptions.Start + 1, 0), EditKind.AddIncludeUsage);
    }

    private static int AddLimit(WireRanges ranges, Span<Edit> edits, int count)
    {
        if (ranges.MaxTokens.IsThere) edits[count++] = new Edit(ranges.MaxTokens, EditKind.Limit);
        if (ranges.MaxCompletionTokens.IsThere) edits[count++] = new Edit(ranges.MaxCompletionTokens, EditKind.Limit);
        if (!ranges.MaxTokens.IsThere && !ranges.MaxCompletionTokens.IsThere) edits[count++] = new Edit(new ByteRange(ranges.Brace + 1, 0), EditKind.AddLimit);
        return count;
    }

    private static void WriteEdit(EditKind kind, WireRequest request, WireTarget target, int limit, IBufferWriter<byte> output)
    {
        switch (kind)
        {
            case EditKind.Model: JsonOutput.WriteText(target.Model, output); break;
            case EditKind.True: output.Write("true"u8); break;
            case EditKind.StreamOptions: output.Write(WithUsage); break;
            case EditKind.AddIncludeUsage: output.Write("\"include_usage\":true,"u8); break;
            case EditKind.AddStreamOptions:
                output.Write("\"stream_options\":"u8);
                output.Write(WithUsage);
                output.Write(","u8);
                break;
            case EditKind.Limit: WriteNumber(limit, output); break;
            case EditKind.AddLimit:
                JsonOutput.WriteText(target.LimitField(request.Api), output);
                output.Write(":"u8);
                WriteNumber(limit, output);
                output.Write(","u8);
                break;
        }
    }

    private static void WriteNumber(int number, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(11);
        Utf8Formatter.TryFormat(number, span, out int written);
        output.Advance(written);
    }

    private enum EditKind { Model, True, StreamOptions, AddIncludeUsage, AddStreamOptions, Limit, AddLimit }

    private readonly record struct Edit(ByteRange At, EditKind Kind);
}
