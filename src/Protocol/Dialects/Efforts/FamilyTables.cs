using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>The facts of <c>families.json</c>: how servers take the thinking knob, and what each family can do with it.</summary>
/// <param name="Sources">Where facts come from, by key. What rests on <see cref="Unverified"/> alone is assumed.</param>
/// <param name="Servers">How each server is told; <see cref="AnyServer"/> stands for those that are not listed.</param>
/// <param name="Families">The families.</param>
internal sealed record FamilyTables(
    IReadOnlyDictionary<string, string> Sources, IReadOnlyDictionary<string, ServerForm> Servers, IReadOnlyList<FamilyRow> Families)
{
    public const string AnyServer = "*";
    public const string Unverified = "mem";

    /// <summary>The tables that ship with this assembly.</summary>
    public static FamilyTables Shipped { get; } = Load();

    /// <summary>The family of a model by its name, such as <c>Qwen/Qwen3-30B-A3B</c> or <c>gpt-oss:20b</c>: the one whose pattern says most of it.</summary>
    public FamilyRow? Find(string model)
    {
        string plain = ModelNames.Plain(model);
        return Families
            .SelectMany(family => family.Names, (family, pattern) => (family, pattern))
            .Where(row => ModelNames.Matches(plain, row.pattern))
            .OrderByDescending(row => row.pattern.Length)
            .FirstOrDefault()
            .family ?? Families.FirstOrDefault(family => family.Family == plain);
    }

    private static FamilyTables Load()
    {
        using var stream = typeof(FamilyTables).Assembly.GetManifestResourceStream("Countersign.Protocol.families.json")!;
        return JsonSerializer.Deserialize(stream, FamilyTablesJson.Default.FamilyTables)!;
    }
}

/// <summary>How a server takes the knob: the request's fields for each wish. <c>null</c>: it cannot be told. <c>$switch</c>, <c>$level</c> and <c>$budget</c> stand for the family's name of the switch, the level's word and the tokens.</summary>
internal sealed record ServerForm(JsonElement? Off, JsonElement? On, JsonElement? Level, JsonElement? Budget, string Source);

/// <summary>What a family can do with the knob.</summary>
/// <param name="Family">Its name.</param>
/// <param name="Names">Patterns of its models' names; a star stands for anything.</param>
/// <param name="Thinks">Whether it thinks.</param>
/// <param name="Source">Where that is known from.</param>
/// <param name="Switch">The name of the switch in its chat template.</param>
/// <param name="SaidOff">What is said at the end of the user's message to switch thinking off, where the family has no other switch.</param>
/// <param name="Opened">Whether its prompt opens the thought, so that an answer begins inside it.</param>
/// <param name="Replay">Which reasoning of earlier answers it wants back.</param>
/// <param name="Seals">Its maker, where that seals reasoning and takes back its own only.</param>
/// <param name="Levels">The words of its levels, least first.</param>
/// <param name="Sibling">How the model is called that thinks where this one does not, or the other way round.</param>
/// <param name="Servers">What is known of it on each server.</param>
internal sealed record FamilyRow(
    string Family, IReadOnlyList<string> Names, Thinks Thinks, string Source, string? Switch, string? SaidOff, bool Opened, ReasoningReplay Replay, string? Seals,
    IReadOnlyList<string>? Levels, SiblingName? Sibling, IReadOnlyDictionary<string, FamilyOnServer>? Servers);

/// <summary>What is known of a family on one server, where it differs from the family or from the server's usual form.</summary>
internal sealed record FamilyOnServer(
    string Source, Thinks? Thinks, IReadOnlyList<string>? Levels, string? Switch, BudgetRange? Budget,
    JsonElement? Off, JsonElement? On, JsonElement? Level, IReadOnlyDictionary<string, JsonElement>? Words);

/// <summary>How a sibling is called: <paramref name="From"/> in the model's name becomes <paramref name="To"/>.</summary>
internal sealed record SiblingName(string From, string To);

/// <summary>The tokens that a thinking budget may have; <c>null</c>: no bound known. Where <paramref name="AskedOnly"/>, a level is not made into one (not every such server is set up for it).</summary>
internal sealed record BudgetRange(int? Least, int? Most, bool AskedOnly);

/// <summary>Whether a model thinks.</summary>
public enum Thinks { Never, Always, Switched }

/// <summary>Which reasoning of earlier answers goes back to a model: none, all of it on every answer, or that of the tool loop under way.</summary>
public enum ReasoningReplay { Never, Always, ToolLoop }

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(ThinksConverter), typeof(ReplayConverter)])]
[JsonSerializable(typeof(FamilyTables))]
internal sealed partial class FamilyTablesJson : JsonSerializerContext
{
    internal sealed class ThinksConverter() : JsonStringEnumConverter<Thinks>(JsonNamingPolicy.SnakeCaseLower);

    internal sealed class ReplayConverter() : JsonStringEnumConverter<ReasoningReplay>(JsonNamingPolicy.SnakeCaseLower);
}
