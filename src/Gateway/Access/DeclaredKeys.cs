using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Countersign.Gateway.Configuration;

namespace Countersign.Gateway.Access;

/// <summary>The keys that the configuration declares, found by their SHA-256, so that a lookup's time says nothing of the keys.</summary>
internal sealed class DeclaredKeys(GatewayConfiguration configuration)
{
    private readonly FrozenDictionary<string, Caller> callers = configuration.Callers.Values.ToFrozenDictionary(declared => Digest(declared.Key), declared => declared.Caller);

    /// <summary>Whether a request without a key is refused even where none exists.</summary>
    public bool AreRequired { get; } = configuration.Keys.Required || configuration.Callers.Count > 0;

    public Caller? Find(ReadOnlySpan<char> key) => callers.Count == 0 ? null : callers.GetValueOrDefault(Digest(key));

    private static string Digest(ReadOnlySpan<char> key)
    {
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(key)];
        Encoding.UTF8.GetBytes(key, utf8);
        return Convert.ToHexString(SHA256.HashData(utf8));
    }
}
