using System.Text.Json;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Embeddings;

/// <summary>Reads <c>input</c>: a text, an array of texts, token ids, or an array of lists of token ids.</summary>
internal static class EmbeddingInputReader
{
    /// <summary>As in OpenAI's API.</summary>
    private const int MostInputs = 2048;

    public static IReadOnlyList<EmbeddingInput> Read(ReadOnlySpan<byte> body)
    {
        var input = WireObject.Parse(body)["input"];
        if (input.IsText) return [ReadText(input)];
        WireValue[] items = [.. input.Items()];
        if (items.Length > 0 && items[0].Element.ValueKind == JsonValueKind.Number) return [new EmbeddingInput(null, ReadTokens(input, items))];
        if (items.Length is 0 or > MostInputs) throw input.Wrong($"an array of 1 to {MostInputs} inputs");
        return [.. items.Select(item => item.IsText ? ReadText(item) : new EmbeddingInput(null, ReadTokens(item, [.. item.Items()])))];
    }

    private static EmbeddingInput ReadText(WireValue value) =>
        value.Text() is { Length: > 0 } text ? new EmbeddingInput(text, null) : throw value.Wrong("a text that is not empty");

    private static int[] ReadTokens(WireValue list, WireValue[] items)
    {
        if (items.Length == 0) throw list.Wrong("a text or token ids, and not empty");
        return [.. items.Select(item => item.IntegerOrNull(0, int.MaxValue) ?? throw item.Wrong("a token id"))];
    }
}
