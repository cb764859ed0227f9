using System.Text.Json;
using Countersign.Protocol.Templates;
using Countersign.Protocol.Templates.Messages;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.Templates;

/// <summary>91 chat templates as their makers published them, each with 57 conversations, against what Hugging Face transformers makes of them.</summary>
public class GoldenTests
{
    [Fact]
    public void ChatTemplates_AllConversations_RenderAsTheReference() => Check(lenient: false);

    [Fact]
    public void ChatTemplates_WhereALenientSetUpDiffers_RenderAsIt() => Check(lenient: true);

    private static void Check(bool lenient)
    {
        string folder = SharedData.Require("data/templates");
        using var conversations = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "conversations.json")));
        var inputs = conversations.RootElement.GetProperty("conversations").EnumerateArray().ToDictionary(input => input.GetProperty("id").GetString()!);
        var wrong = new List<string>();
        int cases = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "goldens")).Order(StringComparer.Ordinal))
        {
            using var golden = JsonDocument.Parse(File.ReadAllBytes(file));
            string name = golden.RootElement.GetProperty("template").GetString()!;
            var template = ChatTemplate.Parse(File.ReadAllText(Path.Combine(folder, "templates", name)));
            foreach (var result in golden.RootElement.GetProperty("cases").EnumerateObject())
            {
                var expected = result.Value;
                if (lenient && !expected.TryGetProperty("lenient", out expected)) continue;
                cases++;
                string? difference = Rendered.Difference(expected, () => Render(template, inputs[result.Name], lenient));
                if (difference is not null) wrong.Add($"{name} {result.Name}: {difference}");
            }
        }

        Assert.Equal(lenient ? 225 : 5187, cases);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases} differ\n{string.Join('\n', wrong.Take(60))}");
    }

    private static string Render(ChatTemplate template, JsonElement input, bool lenient)
    {
        var variables = new Dictionary<string, Value>
        {
            ["messages"] = JsonValues.Of(input.GetProperty("messages")),
            ["add_generation_prompt"] = JsonValues.Of(input.GetProperty("add_generation_prompt")),
            ["bos_token"] = new StringValue("<|bos|>"),
            ["eos_token"] = new StringValue("<|eos|>"),
        };
        foreach (string name in (string[])["tools", "documents"])
        {
            var value = JsonValues.Of(input.GetProperty(name));
            if (!lenient || value.IsTrue) variables[name] = value;
        }

        foreach (var (name, value) in Rendered.Variables(input.GetProperty("kwargs"))) variables[name] = value;
        if (lenient) AddLenient(variables, input.GetProperty("tools"));
        var settings = lenient ? Rendered.Lenient : Rendered.Strict;
        return input.GetProperty("continue_final_message").GetBoolean()
            ? ContinuedMessage.Render(template, variables, settings)
            : template.Render(variables, settings);
    }

    private static void AddLenient(Dictionary<string, Value> variables, JsonElement tools)
    {
        variables["datetime"] = new StringValue("2026-03-07 09:05:03");
        variables["functions"] = new StringValue("[]");
        if (tools.ValueKind != JsonValueKind.Array) return;
        variables["functions"] = new StringValue(ChatTemplate.Parse("{{ tools | tojson }}").Render([KeyValuePair.Create("tools", JsonValues.Of(tools))], Rendered.Strict));
    }
}
