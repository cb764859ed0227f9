using System.Text.Json;
using Countersign.Engine.Tests.Fixtures;

namespace Countersign.Engine.Tests.Sampling.Grammar;

/// <summary>A case of the conformance schemas; the README beside them says what each list means.</summary>
internal sealed record SchemaFixture(string Name, string Schema, string[] Accept, string[] Reject, string[] Dead, string[] Alive, bool IsOptional)
{
    public static IReadOnlyList<SchemaFixture> All { get; } = Read();

    public static SchemaFixture Named(string name) => All.Single(fixture => fixture.Name == name);

    private static List<SchemaFixture> Read()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Fixture.Path("grammar", "schemas.json")));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(static part => new SchemaFixture(
            part.GetProperty("name").GetString()!,
            part.GetProperty("schema").GetRawText(),
            Texts(part, "accept"),
            Texts(part, "reject"),
            Texts(part, "dead_prefixes"),
            Texts(part, "alive_prefixes"),
            part.GetProperty("optional").GetBoolean()))];
    }

    private static string[] Texts(JsonElement part, string list) => [.. part.GetProperty(list).EnumerateArray().Select(static text => text.GetString()!)];
}
