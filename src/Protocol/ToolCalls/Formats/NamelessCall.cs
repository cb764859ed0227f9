using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Finds the tool of a call whose id is only a number.</summary>
internal static class NamelessCall
{
    /// <summary>The only tool that has all the arguments as parameters; <c>null</c> where none has, or several.</summary>
    public static string? ToolFor(string arguments, IReadOnlyList<ToolDefinition> tools)
    {
        if (ArgumentsText.Parse(arguments) is not { ValueKind: JsonValueKind.Object } value) return null;
        var fitting = tools.Where(tool => value.EnumerateObject().All(member => ParameterSchema.Of(tool, member.Name) is not null)).Take(2).ToList();
        return fitting.Count == 1 ? fitting[0].Name : null;
    }
}
