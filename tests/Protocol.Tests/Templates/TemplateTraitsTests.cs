using System.Text.Json;
using Countersign.Protocol.Templates;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.Templates;

/// <summary>What is found out about a template by rendering, against what the reference renderings show.</summary>
public class TemplateTraitsTests
{
    [Fact]
    public void Traits_OfAllChatTemplates_AgreeWithTheReferenceRenderings()
    {
        string folder = SharedData.Require("data/templates");
        using var accepts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "accepts.json")));
        var wrong = new List<string>();
        foreach (var (name, facts) in accepts.RootElement.GetProperty("templates").EnumerateObject().Select(property => (property.Name, property.Value)))
        {
            var traits = ChatTemplate.Parse(File.ReadAllText(Path.Combine(folder, "templates", name))).Traits;
            Compare("system", traits.TakesSystem, Says(facts, "system_role"));
            Compare("late system", traits.TakesLateSystem, Says(facts, "late_system"));
            if (traits.TakesDeveloper) Compare("developer", true, Says(facts, "developer_role"));
            Compare("arguments", traits.TakesArgumentsAsText ? "text" : "object", Says(facts, "arguments_object") == "fails" ? "text" : "object");
            Compare("ids", traits.WantsShortCallIds, Says(facts, "openai_tool_ids") == "raises" && Says(facts, "arguments_object") == "ok");

            void Compare(string trait, object found, object reference)
            {
                bool agrees = found switch
                {
                    bool takes when reference is string says => says is "fails" || takes == (says == "shown"),
                    _ => found.Equals(reference),
                };
                if (!agrees) wrong.Add($"{name} {trait}: found {found}, the reference says {reference}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string Says(JsonElement facts, string name) => facts.GetProperty(name).GetString()!;
}
