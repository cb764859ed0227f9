using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Access;

/// <summary>Makes, lists and revokes API keys. They live in the ledger.</summary>
internal sealed class KeyRing(SqliteLedger ledger, TimeProvider time)
{
    /// <summary>Makes a key.</summary>
    /// <exception cref="ProblemException">A name is empty, a country is none, or a limit is not above zero.</exception>
    public async Task<CreatedKey> CreateAsync(NewKey wanted)
    {
        Check(wanted);
        string text = KeyText.Create();
        var now = time.GetUtcNow();
        var key = new ApiKey
        {
            Id = KeyText.IdOf(text),
            Name = wanted.Name,
            Created = now,
            Expires = now + wanted.ValidFor,
            IsAdmin = wanted.IsAdmin,
            Models = wanted.Models,
            Policy = wanted.Policy is { IsEmpty: false } policy ? policy : null,
            Rate = wanted.Rate,
            Budget = wanted.Budget,
        };
        await ledger.AddKeyAsync(key, KeyText.Hash(ledger.ReadKeys().Secret, text));
        return new CreatedKey(key, text);
    }

    /// <summary>All keys, the oldest first.</summary>
    public IReadOnlyList<ApiKey> List() => [.. ledger.ReadKeys().Keys.Select(kept => kept.Key)];

    /// <summary>Revokes a key by its id, or by its name where only one valid key has it. A running server follows within seconds.</summary>
    /// <exception cref="ProblemException">There is no such key, or several.</exception>
    public async Task<ApiKey> RevokeAsync(string idOrName)
    {
        var valid = List().Where(key => key.Revoked is null).ToList();
        var found = valid.FindAll(key => key.Id == idOrName);
        if (found.Count == 0) found = valid.FindAll(key => key.Name == idOrName);
        if (found.Count == 0) throw new ProblemException(new Problem(ProblemKind.NotFound, $"There is no valid key '{idOrName}'. 'countersign keys list' shows them.", "key"));
        if (found.Count > 1) throw ProblemException.Invalid($"{found.Count} keys are named '{idOrName}'. Give the id of one: {string.Join(", ", found.Select(key => key.Id))}.", "key");
        var revoked = found[0] with { Revoked = time.GetUtcNow() };
        await ledger.RevokeKeyAsync(revoked.Id, revoked.Revoked.Value);
        return revoked;
    }

    private static void Check(NewKey wanted)
    {
        if (string.IsNullOrWhiteSpace(wanted.Name)) throw ProblemException.Invalid("A key needs a name, so that people know whose it is.", "name");
        if (wanted.Models?.Any(string.IsNullOrWhiteSpace) == true) throw ProblemException.Invalid("A model needs a name; leave it out for all.", "model");
        if (wanted.Policy?.Vendors?.Any(string.IsNullOrWhiteSpace) == true) throw ProblemException.Invalid("A vendor needs a name; leave it out for all.", "vendor");
        if (wanted.Policy?.Countries?.FirstOrDefault(country => country.Length != 2 || !country.All(char.IsAsciiLetter)) is { } country) throw ProblemException.Invalid($"'{country}' is no country as ISO 3166 has them: two letters, such as CH.", "country");
        AboveZero(wanted.ValidFor is { } validFor ? (decimal)validFor.TotalSeconds : null, "expires");
        AboveZero(wanted.Rate.RequestsPerMinute, "requests_per_minute");
        AboveZero(wanted.Rate.TokensPerMinute, "tokens_per_minute");
        AboveZero(wanted.Budget.UsdPerDay, "usd_per_day");
        AboveZero(wanted.Budget.UsdPerMonth, "usd_per_month");
        AboveZero(wanted.Budget.UsdTotal, "usd_total");
    }

    private static void AboveZero(decimal? value, string param)
    {
        if (value <= 0) throw ProblemException.Invalid($"{param} must be above zero; leave it out for no limit.", param);
    }
}
