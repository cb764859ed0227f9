using System.Security.Cryptography;
using System.Text;
using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Pipeline;

/// <summary>Names the session of a caller who names none: every turn of a conversation begins with the same instructions and the same first words of the user.
/// Conversations that begin alike are one session.</summary>
internal static class ConversationPrefix
{
    /// <summary>A digest of what stands up to and with the first message of the user.</summary>
    public static string Of(ChatRequest request)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts) digest.AppendData(Encoding.UTF8.GetBytes($"{message.Role}\n{part}\n")); // A record's text has all that it holds.
            if (message.Role is ChatRole.User) break;
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset().AsSpan(0, 16));
    }
}
