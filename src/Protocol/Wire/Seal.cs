using System.Diagnostics.CodeAnalysis;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire;

/// <summary>Seals (signatures, encrypted reasoning) as clients hold them whose API has one text for a seal and no name for its maker: another maker's is marked,
/// so that it goes back to that maker and to no other.</summary>
public static class Seal
{
    private const string Mark = "sealed-by-", Redacted = "redacted_thinking:";

    /// <summary>A seal for a client.</summary>
    /// <param name="seal">The seal.</param>
    /// <param name="maker">Whose it is; <c>null</c>: not known.</param>
    /// <param name="own">The maker whose seals the client's API holds as they are.</param>
    [return: NotNullIfNotNull(nameof(seal))]
    public static string? Close(string? seal, string? maker, string? own) => seal is null || maker is null || maker == own ? seal : $"{Mark}{maker}:{seal}";

    /// <summary>What <see cref="Close"/> was given; without maker where there is no mark.</summary>
    [return: NotNullIfNotNull(nameof(held))]
    public static (string Seal, string? Maker)? Open(string? held)
    {
        if (held is null) return null;
        int end = held.StartsWith(Mark, StringComparison.Ordinal) ? held.IndexOf(':', StringComparison.Ordinal) : -1;
        return end < 0 ? (held, null) : (held[(end + 1)..], held[Mark.Length..end]);
    }

    /// <summary>The one text for a thought's seal where the client's API does not tell signatures from encrypted thoughts; <c>null</c> where it has none.</summary>
    public static string? CloseAny(string? signature, string? redacted, string? maker, string? own) =>
        Close(redacted is null ? signature : Redacted + redacted, maker, own);

    /// <summary>The thought whose seal <see cref="CloseAny"/> gave.</summary>
    public static ReasoningPart OpenAny(string text, string? held)
    {
        if (Open(held) is not var (seal, maker)) return new ReasoningPart(text);
        return seal.StartsWith(Redacted, StringComparison.Ordinal) ? new ReasoningPart("", null, seal[Redacted.Length..], maker) : new ReasoningPart(text, seal, null, maker);
    }

    /// <summary>Whether a seal is OpenAI's by its form, which tells two makers apart whose clients hold seals without a mark: OpenAI's are <see href="https://github.com/fernet/spec/blob/master/Spec.md">Fernet</see>
    /// tokens, as its users quote them (https://community.openai.com/t/1286934), xAI's are not (https://docs.x.ai/developers/advanced-api-usage/troubleshooting-reasoning).</summary>
    public static bool IsOpenAisByForm(string seal)
    {
        ArgumentNullException.ThrowIfNull(seal);
        return seal.StartsWith("gAAAAA", StringComparison.Ordinal); // The version 0x80, and a time of 64 bits.
    }

    /// <summary>Whether a body of any API may hold a marked seal. A look at the bytes.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> body) => body.IndexOf("\"sealed-by-"u8) >= 0;
}
