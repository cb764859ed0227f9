using System.Text.Json;
using Countersign.Protocol.Templates;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.Templates;

/// <summary>798 templates of one feature each, against what Jinja2 3.1.6 set up as in Hugging Face transformers makes of them.</summary>
public class SnippetTests
{
    [Theory]
    [InlineData("whitespace")]
    [InlineData("literals")]
    [InlineData("printing")]
    [InlineData("operators")]
    [InlineData("access")]
    [InlineData("undefined")]
    [InlineData("tests")]
    [InlineData("control")]
    [InlineData("macros")]
    [InlineData("filters")]
    [InlineData("tojson")]
    [InlineData("markup")]
    [InlineData("strings")]
    [InlineData("huggingface")]
    public void Snippets_OfEveryGroup_RenderAsTheReference(string group)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("data/templates/snippets.json")));
        var snippets = file.RootElement.GetProperty("snippets").EnumerateArray().Where(snippet => snippet.GetProperty("group").GetString() == group).ToList();

        var wrong = snippets.Select(Check).OfType<string>().ToList();

        Assert.NotEmpty(snippets);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string? Check(JsonElement snippet)
    {
        string template = snippet.GetProperty("template").GetString()!;
        string? difference = Rendered.Difference(
            snippet,
            () => ChatTemplate.Parse(template).Render(Rendered.Variables(snippet.GetProperty("context")), Rendered.Strict));
        return difference is null ? null : $"{snippet.GetProperty("id")} {template}: {difference}";
    }
}
