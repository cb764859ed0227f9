using System.Security.Cryptography;
using System.Text;

namespace Countersign.Gateway.Access;

/// <summary>The text of API keys: <c>cs-</c>, eight characters that find the key, 32 that prove it (190 bits).</summary>
internal static class KeyText
{
    public const string Prefix = "cs-";
    private const int IdLength = 8, ProofLength = 32, Length = 3 + IdLength + ProofLength;
    private const string IdAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string ProofAlphabet = IdAlphabet + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>A new key.</summary>
    public static string Create() => Prefix + RandomNumberGenerator.GetString(IdAlphabet, IdLength) + RandomNumberGenerator.GetString(ProofAlphabet, ProofLength);

    /// <summary>The part that finds the key; empty where the text is no key.</summary>
    public static ReadOnlySpan<char> Handle(ReadOnlySpan<char> text) => text.Length == Length && text.StartsWith(Prefix) ? text.Slice(Prefix.Length, IdLength) : default;

    /// <summary>The key's id.</summary>
    public static string IdOf(string text) => $"key_{Handle(text)}";

    /// <summary>What is kept of a key: its HMAC-SHA256 under the ledger's secret. A key is random, so nothing slower is needed.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> secret, ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Length * 3];
        return HMACSHA256.HashData(secret, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }
}
