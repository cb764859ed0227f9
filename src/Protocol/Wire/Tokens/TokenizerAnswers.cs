using System.Buffers;
using System.Text;
using System.Text.Json;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Tokens;

/// <summary>Answers in llama-server's form: <c>{"tokens": [..]}</c>, <c>{"content": ".."}</c>, <c>{"prompt": ".."}</c>.</summary>
public static class TokenizerAnswers
{
    /// <summary>Tokens.</summary>
    /// <param name="tokens">Their ids.</param>
    /// <param name="pieceOf">The bytes of a token, where each is wanted; written as text, or as a list of bytes where they are no whole characters.</param>
    public static byte[] Tokens(IReadOnlyList<int> tokens, Func<int, byte[]>? pieceOf) => Written(json =>
    {
        json.WriteStartArray("tokens"u8);
        foreach (int token in tokens)
        {
            if (pieceOf is null) json.WriteNumberValue(token);
            else WritePiece(json, token, pieceOf(token));
        }

        json.WriteEndArray();
    });

    /// <summary>A text of tokens.</summary>
    public static byte[] Content(string text) => Written(json => json.WriteString("content"u8, text));

    /// <summary>A rendered prompt.</summary>
    public static byte[] Prompt(string text) => Written(json => json.WriteString("prompt"u8, text));

    private static void WritePiece(Utf8JsonWriter json, int token, byte[] piece)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, token);
        if (System.Text.Unicode.Utf8.IsValid(piece))
        {
            json.WriteString("piece"u8, Encoding.UTF8.GetString(piece));
        }
        else
        {
            json.WriteStartArray("piece"u8);
            foreach (byte value in piece) json.WriteNumberValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static byte[] Written(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, JsonOutput.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
