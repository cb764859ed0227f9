using System.Security.Cryptography;
using System.Text;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>Finds the session that a request belongs to (<see cref="CascadeRequest.Session"/>). The key holds no text of the conversation, and two callers never share one.</summary>
public static class SessionKey
{
    /// <summary>By the caller's session header, else by <c>prompt_cache_key</c>, else by the conversation's beginning: all messages up to the first of the user,
    /// which stay the same while a conversation grows.</summary>
    /// <param name="caller">The caller's id.</param>
    /// <param name="header">The session header's value; <c>null</c> where there was none.</param>
    /// <param name="request">The request.</param>
    public static string Of(string caller, string? header, ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, caller);
        if (header is not null) Append(hash, "header", header);
        else if (request.PromptCacheKey is { } key) Append(hash, "prompt_cache_key", key);
        else AppendBeginning(hash, request);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static void AppendBeginning(IncrementalHash hash, ChatRequest request)
    {
        foreach (var message in request.Messages)
        {
            Append(hash, message.Role.ToString(), message.Text);
            if (message.Role is ChatRole.User) return;
        }
    }

    // Each text with its length, so that no two lists of texts run together.
    private static void Append(IncrementalHash hash, params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{text.Length}:"));
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }
    }
}
