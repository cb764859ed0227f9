using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Embeddings;

/// <summary>A request to <c>/v1/embeddings</c>, in OpenAI's form.</summary>
public sealed class EmbeddingRequest
{
    private IReadOnlyList<EmbeddingInput>? inputs;

    /// <summary>The bytes as received (UTF-8 JSON).</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The <c>model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>How the vectors are to be written.</summary>
    public EmbeddingEncoding Encoding { get; init; }

    /// <summary>How many numbers a vector shall have; <c>null</c>: as many as the model gives.</summary>
    public int? Dimensions { get; init; }

    /// <summary>What to embed, in order, read on first use; never empty.</summary>
    /// <exception cref="ProblemException">It is of the wrong type, empty, or too much; names the parameter.</exception>
    public IReadOnlyList<EmbeddingInput> Inputs => inputs ??= EmbeddingInputReader.Read(Body.Span);

    /// <summary>Where the model's name stands.</summary>
    internal ByteRange ModelRange { get; init; }
}

/// <summary>One text to embed: as text, or as token ids of the model's own vocabulary.</summary>
/// <param name="Text">The text, or <c>null</c>.</param>
/// <param name="Tokens">The token ids, or <c>null</c>.</param>
public sealed record EmbeddingInput(string? Text, IReadOnlyList<int>? Tokens);

/// <summary>How vectors are written: as JSON numbers, or as the base64 of little-endian 32-bit floats.</summary>
public enum EmbeddingEncoding { Numbers, Base64 }
