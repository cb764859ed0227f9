using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Configuration.Files;
using Countersign.Gateway.Configuration.Shapes;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>A check of a route: <c>name</c>, or <c>name: { options }</c>. Names, options and their types come from <see cref="ValidatorCatalogue"/>.</summary>
internal sealed class ValidatorShape : Shape<IValidator>
{
    public override bool TryRead(ConfigNode node, ProblemList problems, out IValidator value)
    {
        value = null!;
        if (NameAndOptions(node) is not { } check)
        {
            problems.Add(node, $"Found {Found.In(node)}, but this is one check with its options.", "Write 'name' or 'name: { option: value }', with a '- ' before each check.");
            return false;
        }

        if (ValidatorCatalogue.Find(check.Name) is not { } kind)
        {
            problems.Add(node, $"There is no check named \"{check.Name}\".", DidYouMean.Remedy(check.Name, ValidatorCatalogue.All.Select(known => known.Name), "Known"));
            return false;
        }

        int before = problems.Count;
        JsonNode? options = OptionsSchema.Read(check.Options, OptionsSchema.Of(kind), problems);
        return problems.Count == before && TryCreate(kind, options, check.Options, problems, out value);
    }

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray([.. ValidatorCatalogue.All.SelectMany(SchemasOf)]) };

    private static (string Name, ConfigNode Options)? NameAndOptions(ConfigNode node) => node switch
    {
        ScalarNode { IsNull: false } name => (name.Text, new MapNode(name.Place, name.Path, [])),
        MapNode { Entries: [{ Value: ScalarNode { IsNull: true } nothing } only] } => (only.Key, new MapNode(nothing.Place, nothing.Path, [])),
        MapNode { Entries: [var only] } => (only.Key, only.Value),
        _ => null,
    };

    private static bool TryCreate(ValidatorKind kind, JsonNode? options, ConfigNode node, ProblemList problems, out IValidator value)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(options?.ToJsonString() ?? "{}");
            value = kind.Create(json.RootElement.Clone(), node.Place.Folder);
            return true;
        }
        catch (ProblemException exception)
        {
            ConfigNode at = exception.Problem.Param is { } option && node is MapNode map && map.Get(option.Split('.', '[')[0]) is { } found ? found : node;
            problems.Add(at, exception.Problem.Message, $"{kind.Name}: {kind.Summary}");
            value = null!;
            return false;
        }
    }

    private static IEnumerable<JsonNode> SchemasOf(ValidatorKind kind)
    {
        JsonObject options = OptionsSchema.Of(kind);
        if (options["required"] is null) yield return new JsonObject { ["const"] = kind.Name, ["description"] = kind.Summary };
        yield return new JsonObject
        {
            ["type"] = "object",
            ["description"] = kind.Summary,
            ["properties"] = new JsonObject { [kind.Name] = options },
            ["required"] = new JsonArray(kind.Name),
            ["additionalProperties"] = false,
        };
    }
}
