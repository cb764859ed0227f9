using System.Text.Json;

namespace Countersign.Cli.Hub;

/// <summary>A repository at one commit.</summary>
/// <param name="Name"><c>org/repo</c>.</param>
/// <param name="Commit">The commit that the revision meant when it was asked for; all is read from this one, whatever is pushed meanwhile.</param>
/// <param name="Licence">As the hub states it; <c>null</c> where it states none.</param>
/// <param name="IsGated">Whether its terms must be accepted on the hub first.</param>
internal sealed record HubRepository(string Name, string Commit, string? Licence, bool IsGated)
{
    private const string LicenceTag = "license:";

    public static HubRepository Of(string name, string revision, ModelCard card)
    {
        bool isGated = card.Gated is { ValueKind: not (JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined) };
        return new HubRepository(name, card.Sha ?? revision, LicenceOf(card), isGated);
    }

    /// <summary>The tag names well-known licences; for others the card has a name and a link.</summary>
    private static string? LicenceOf(ModelCard card)
    {
        IEnumerable<string?> tags = card.Tags?.Where(tag => tag.StartsWith(LicenceTag, StringComparison.Ordinal)).Select(tag => tag[LicenceTag.Length..]) ?? [];
        string words = string.Join(", ", tags.Append(Text(card, "license_name")).Append(Text(card, "license_link")).OfType<string>());
        return words.Length == 0 ? null : Plain(words);
    }

    private static string? Text(ModelCard card, string key) =>
        card.CardData is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Without what could steer a terminal.</summary>
    private static string Plain(string text) => string.Concat(text.Where(character => !char.IsControl(character)).Take(200));
}
