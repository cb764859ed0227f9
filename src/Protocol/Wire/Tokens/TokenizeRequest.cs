using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Tokens;

/// <summary>A request to <c>/tokenize</c>, in llama-server's form with the model's name beside it.</summary>
/// <param name="Model">Whose tokens.</param>
/// <param name="Content">The text.</param>
/// <param name="AddSpecial">Whether begin and end tokens are added where the model wants them.</param>
/// <param name="ParseSpecial">Whether control tokens written in the text become those tokens.</param>
/// <param name="WithPieces">Whether each token's text is wanted too.</param>
public sealed record TokenizeRequest(string Model, string Content, bool AddSpecial, bool ParseSpecial, bool WithPieces)
{
    /// <summary>Reads a body.</summary>
    /// <exception cref="ProblemException">A field is missing or of the wrong type; names the parameter.</exception>
    public static TokenizeRequest Read(ReadOnlySpan<byte> bytes)
    {
        var body = WireObject.Parse(bytes);
        return new TokenizeRequest(
            body["model"].Text(), body["content"].Text(), body["add_special"].FlagOrNull() ?? false, body["parse_special"].FlagOrNull() ?? true, body["with_pieces"].FlagOrNull() ?? false);
    }
}

/// <summary>A request to <c>/detokenize</c>.</summary>
/// <param name="Model">Whose tokens.</param>
/// <param name="Tokens">Their ids.</param>
public sealed record DetokenizeRequest(string Model, IReadOnlyList<int> Tokens)
{
    /// <summary>Reads a body.</summary>
    /// <exception cref="ProblemException">A field is missing or of the wrong type; names the parameter.</exception>
    public static DetokenizeRequest Read(ReadOnlySpan<byte> bytes)
    {
        var body = WireObject.Parse(bytes);
        if (body["tokens"].IsMissing) throw body["tokens"].Wrong("an array of token ids");
        return new DetokenizeRequest(body["model"].Text(), [.. body["tokens"].Items().Select(token => token.IntegerOrNull(0, int.MaxValue) ?? throw token.Wrong("a token id"))]);
    }
}
