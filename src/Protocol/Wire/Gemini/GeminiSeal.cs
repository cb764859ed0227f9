using System.Diagnostics.CodeAnalysis;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>A <c>thoughtSignature</c> of Gemini's as clients hold it: marked, so that it goes back to Gemini and to no other maker, and no other maker's goes there.</summary>
internal static class GeminiSeal
{
    /// <summary>What a marked seal begins with. Seals themselves are base64, which has no colon.</summary>
    public const string Mark = "gemini:";

    /// <summary>Whose they are, as in <see cref="Chat.ReasoningPart.Maker"/>.</summary>
    public const string Maker = "google";

    /// <summary>What Google's documentation gives for calls that were not made by the model asked, which it would refuse without a seal.</summary>
    public const string Missing = "skip_thought_signature_validator";

    /// <summary>The seal for clients.</summary>
    public static string Close(string signature) => Mark + signature;

    /// <summary>Whether it came from <see cref="Close"/>.</summary>
    public static bool IsOne([NotNullWhen(true)] string? seal) => seal?.StartsWith(Mark, StringComparison.Ordinal) ?? false;

    /// <summary>What <see cref="Close"/> was given; <c>null</c> where the seal is another maker's.</summary>
    public static string? Open(string? seal) => IsOne(seal) ? seal[Mark.Length..] : null;
}
