using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Countersign.Gateway.Configuration;

namespace Countersign.Gateway.Access;

/// <summary>The keys that the configuration declares, found by their SHA-256, so that a lookup's time says nothing of the keys.</summary>
internal sealed class DeclaredKeys(GatewayConfiguration configuration)
{
    private readonly FrozenDictionary<string, Caller> callers = configuration.Callers.Values.ToFrozenDictionary(declared => Digest(declared.Key), declared => declared.Caller);

    // Keys that were found once, so that they need no digest again: at most as many as are declared. The dictionary's hash of a text is keyed with a secret of the process
    // and only a right key gets past it, so that its time says nothing either.
    private readonly ConcurrentDictionary<string, Caller> seen = new(StringComparer.Ordinal);

    /// <summary>Whether a request without a key is refused even where none exists.</summary>
    public bool AreRequired { get; } = configuration.Keys.Required || configuration.Callers.Count > 0;

    /// <summary>Whether there is any.</summary>
    public bool AreDeclared => callers.Count > 0;

    public Caller? Find(ReadOnlySpan<char> key)
    {
        if (callers.Count == 0) return null;
        if (seen.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var known)) return known;
        if (!callers.TryGetValue(Digest(key), out var caller)) return null;
        seen[key.ToString()] = caller;
        return caller;
    }

    private static string Digest(ReadOnlySpan<char> key)
    {
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(key)];
        Encoding.UTF8.GetBytes(key, utf8);
        return Convert.ToHexString(SHA256.HashData(utf8));
    }
}
