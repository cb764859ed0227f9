using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Json;

/// <summary>An upstream's JSON, over bytes of the pool: gone once it is disposed. Read once, where <see cref="JsonDocument.ParseValue(ref Utf8JsonReader)"/> reads twice.</summary>
internal readonly struct AnswerDocument : IDisposable
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    private readonly byte[] bytes;
    private readonly JsonDocument document;

    private AnswerDocument(byte[] bytes, JsonDocument document) => (this.bytes, this.document) = (bytes, document);

    public JsonElement RootElement => document.RootElement;

    /// <summary>Parses UTF-8.</summary>
    /// <exception cref="ProblemException">It is no JSON object.</exception>
    public static AnswerDocument Parse(ReadOnlySpan<byte> json)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(json.Length);
        json.CopyTo(bytes);
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes.AsMemory(0, json.Length), Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new AnswerDocument(bytes, document);
        }
        catch (JsonException)
        {
            // Reported below. The exception quotes the body, which belongs in no error.
        }

        document?.Dispose();
        ArrayPool<byte>.Shared.Return(bytes);
        throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, "The upstream answered with something that is not a JSON object."));
    }

    public void Dispose()
    {
        document.Dispose();
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
