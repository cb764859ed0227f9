using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Embeddings;

/// <summary>Finds in an embedding request's body what a plain gateway must know, in one pass and without a tree.</summary>
public static class EmbeddingRequestScanner
{
    private const int MostDimensions = 1 << 16;

    /// <summary>Scans a body. Its bytes are kept, so they must live and stay as long as the request.</summary>
    /// <exception cref="ProblemException">The body cannot be understood; names the parameter.</exception>
    public static EmbeddingRequest Scan(ReadOnlyMemory<byte> body)
    {
        try
        {
            return ScanJson(body);
        }
        catch (JsonException e)
        {
            throw JsonText.NotJson(e);
        }
    }

    private static EmbeddingRequest ScanJson(ReadOnlyMemory<byte> body)
    {
        string? model = null;
        ByteRange modelRange = default;
        var encoding = EmbeddingEncoding.Numbers;
        int? dimensions = null;
        bool hasInput = false;
        var scanner = new BodyScanner(body.Span);
        while (scanner.NextField())
        {
            if (scanner.Name.SequenceEqual("model"u8)) model = scanner.TakeModel(out modelRange);
            else if (scanner.Name.SequenceEqual("encoding_format"u8)) encoding = TakeEncoding(ref scanner);
            else if (scanner.Name.SequenceEqual("dimensions"u8)) dimensions = scanner.IntegerOrNull(1, MostDimensions);
            else if (scanner.Name.SequenceEqual("input"u8)) hasInput = TakeInput(ref scanner);
            else scanner.Skip();
        }

        if (model is null) throw ProblemException.Invalid("'model' is missing: name a deployment.", "model");
        if (!hasInput) throw ProblemException.Invalid("'input' is missing.", "input");
        return new EmbeddingRequest { Body = body, Model = model, Encoding = encoding, Dimensions = dimensions, ModelRange = modelRange };
    }

    private static EmbeddingEncoding TakeEncoding(ref BodyScanner scanner) => scanner.TextOrNull() switch
    {
        null or "float" => EmbeddingEncoding.Numbers,
        "base64" => EmbeddingEncoding.Base64,
        _ => throw scanner.Wrong("'float' or 'base64'"),
    };

    private static bool TakeInput(ref BodyScanner scanner)
    {
        bool fits = scanner.Token is JsonTokenType.String or JsonTokenType.StartArray;
        return fits && !scanner.SkipIsEmpty() ? true : throw scanner.Wrong("a text, token ids, or an array of them, and not empty");
    }
}
