using System.Collections.Frozen;
using System.Security.Cryptography;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Protocol.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Access;

/// <summary>Tells who asks, by an API key. Works on a snapshot of the keys in memory, renewed every two seconds, so that a key made or revoked by another process counts soon.</summary>
internal sealed class AccessControl : IDisposable
{
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(2);

    private readonly SqliteLedger ledger;
    private readonly bool isLoopback;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private volatile Snapshot snapshot;

    /// <summary>Reads the keys.</summary>
    /// <param name="ledger">Where the keys live.</param>
    /// <param name="isLoopback">Whether the server can be reached from this machine only. Then, as long as no key was ever made, everybody is <see cref="Caller.Local"/>.</param>
    /// <param name="time">The clock.</param>
    public AccessControl(SqliteLedger ledger, bool isLoopback, TimeProvider time)
    {
        (this.ledger, this.isLoopback, this.time) = (ledger, isLoopback, time);
        snapshot = Read();
        timer = time.CreateTimer(_ => Renew(), null, RenewEvery, RenewEvery);
    }

    /// <summary>Whether no key is needed.</summary>
    public bool IsOpen(DeclaredKeys? declared) => isLoopback && snapshot.Keys.Count == 0 && declared is not { AreRequired: true };

    /// <summary>Whether any key was made.</summary>
    public bool HasKeys => snapshot.Keys.Count > 0;

    /// <summary>Who asks, by <c>Authorization: Bearer</c> or <c>x-api-key</c>.</summary>
    /// <exception cref="ProblemException">A key is needed and there is none, or it is unknown, revoked or expired.</exception>
    public Caller Authenticate(IHeaderDictionary headers, DeclaredKeys? declared = null)
    {
        var known = snapshot;
        if (IsOpen(declared)) return Caller.Local;
        var text = KeyIn(headers);
        if (text.IsEmpty) throw Refuse("No API key was sent. Send it as 'Authorization: Bearer cs-...' or 'x-api-key: cs-...'; 'countersign keys create' makes one.", "missing_api_key");
        if (declared?.Find(text) is { } caller) return caller;
        if (Find(known, text) is not { } entry) throw Refuse("The API key is not known.", "invalid_api_key");
        if (entry.Key.Revoked is not null) throw Refuse($"The API key '{entry.Key.Name}' was revoked.", "invalid_api_key");
        if (entry.Key.Expires <= time.GetUtcNow()) throw Refuse($"The API key '{entry.Key.Name}' expired on {entry.Key.Expires:u}.", "invalid_api_key");
        return entry.Caller;
    }

    /// <summary>Reads the keys again, now.</summary>
    public void Renew()
    {
        try
        {
            snapshot = Read();
        }
        catch (ProblemException)
        {
            // A ledger that cannot be read for a moment; the keys known so far hold until the next try.
        }
    }

    public void Dispose() => timer.Dispose();

    private static ReadOnlySpan<char> KeyIn(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString().AsSpan().Trim();
        return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..].Trim() : headers["x-api-key"].ToString().AsSpan().Trim();
    }

    private static Entry? Find(Snapshot known, ReadOnlySpan<char> text)
    {
        if (!known.Keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(KeyText.Handle(text), out var entry)) return null;
        return CryptographicOperations.FixedTimeEquals(entry.Hash, KeyText.Hash(known.Secret, text)) ? entry : null;
    }

    private Snapshot Read()
    {
        var (secret, keys) = ledger.ReadKeys();
        return new Snapshot(secret, keys.ToFrozenDictionary(kept => kept.Key.Id["key_".Length..], kept => new Entry(kept.Key, kept.Hash, CallerOf(kept.Key))));
    }

    private static Caller CallerOf(ApiKey key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Models = key.Models?.ToFrozenSet(),
        Policy = key.Policy ?? new(),
        IsAdmin = key.IsAdmin,
        Rate = key.Rate,
        Budget = key.Budget,
    };

    private static ProblemException Refuse(string message, string code) => new(new Problem(ProblemKind.Unauthenticated, message, Code: code));

    private sealed record Snapshot(byte[] Secret, FrozenDictionary<string, Entry> Keys);

    private sealed record Entry(ApiKey Key, byte[] Hash, Caller Caller);
}
