using System.Text.Json;
using Countersign.Cascade.JsonSchemas;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Structure;

/// <summary>Whether the tools of a request can be judged by at all.</summary>
public static class ToolDefinitions
{
    /// <summary>Checks the schemas of their arguments. Other words for types are understood.</summary>
    /// <param name="tools">The tools.</param>
    /// <param name="paramOf">The request's parameter that holds the schema of a tool, by its place.</param>
    /// <exception cref="ProblemException">One is no JSON schema; names the parameter.</exception>
    public static void Check(IReadOnlyList<ToolDefinition> tools, Func<int, string> paramOf)
    {
        ArgumentNullException.ThrowIfNull(paramOf);
        foreach (var (index, tool) in tools.Index())
        {
            if (tool.Parameters is { } parameters) Check(tool.Name, parameters, paramOf(index));
        }
    }

    private static void Check(string name, JsonElement parameters, string param)
    {
        try
        {
            JsonSchema.Compile(ToolSchemas.Prepare(parameters));
        }
        catch (ProblemException wrong)
        {
            throw ProblemException.Invalid($"The schema of the tool '{name}' cannot be used: {wrong.Message}", param);
        }
    }
}
