using System.Diagnostics.CodeAnalysis;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>Thinking that Anthropic sent encrypted only, as a Responses client holds it: in <c>encrypted_content</c>, marked, so that it can be told from
/// a seal when the client sends it back.</summary>
internal static class RedactedSeal
{
    private const string Mark = "redacted_thinking:";

    /// <summary>The value for <c>encrypted_content</c>.</summary>
    public static string Close(string redacted) => Mark + redacted;

    /// <summary>Whether <paramref name="encrypted"/> came from <see cref="Close"/>, and what it holds.</summary>
    public static bool TryOpen(string? encrypted, [NotNullWhen(true)] out string? redacted)
    {
        bool isMarked = encrypted?.StartsWith(Mark, StringComparison.Ordinal) ?? false;
        redacted = isMarked ? encrypted![Mark.Length..] : null;
        return isMarked;
    }
}
