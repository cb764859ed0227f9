using System.Text;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Reads text up to the end of the JSON object that begins here.</summary>
internal static class JsonObject
{
    /// <summary>Reads the object into <paramref name="json"/>. Where it does not end before the text does, or before <paramref name="stop"/>, <see cref="RawReading.Mark"/> is <c>null</c>.</summary>
    public static IEnumerable<Need> Read(RawReading reading, string? stop, StringBuilder json)
    {
        var scanner = reading.Scanner;
        var span = new NestedSpan("\"");
        while (true)
        {
            int length = span.Read(scanner.Rest, stop);
            bool isStopped = !span.IsClosed && length < scanner.Rest.Length;
            json.Append(scanner.Rest[..length]);
            scanner.Skip(length);
            reading.Note(span.IsClosed ? "}" : null);
            if (span.IsClosed) yield break;
            if (isStopped && stop is not null && scanner.Starts(stop) is { } starts)
            {
                if (starts) yield break;
                json.Append(scanner.Rest[0]);
                scanner.Skip(1);
                continue;
            }

            if (scanner.IsComplete) yield break;
            yield return Need.More;
        }
    }
}
