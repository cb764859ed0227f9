using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Gives a call's arguments their names.</summary>
internal static class PythonArguments
{
    /// <summary>The arguments by name; <c>null</c> where they cannot be told. A single object that holds the arguments is unpacked;
    /// arguments without names get those of the tool's parameters, in order. Both are noted in <paramref name="mends"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, PythonValue>>? Of(PythonCall call, ToolDefinition? tool, ICollection<string> mends)
    {
        if (call.Keywords.DistinctBy(keyword => keyword.Key).Count() != call.Keywords.Count) return null;
        if (call.Positional.Count == 0) return call.Keywords;
        var parameters = ParametersOf(tool);
        if (call is { Positional: [PythonDictionary { } packed], Keywords.Count: 0 } && Unpack(packed, parameters) is { } unpacked)
        {
            mends.Add($"the object given to {call.Name} taken for its arguments");
            return unpacked;
        }

        var names = parameters.Except(call.Keywords.Select(keyword => keyword.Key)).Take(call.Positional.Count).ToList();
        if (names.Count < call.Positional.Count) return null;
        mends.Add($"names added to the arguments of {call.Name}");
        return [.. names.Zip(call.Positional, (name, value) => new KeyValuePair<string, PythonValue>(name, value)), .. call.Keywords];
    }

    private static List<KeyValuePair<string, PythonValue>>? Unpack(PythonDictionary packed, List<string> parameters)
    {
        bool fits = packed.Items.All(item => item.Key is PythonText key && (parameters.Count == 0 || parameters.Contains(key.Text)));
        return fits ? [.. packed.Items.Select(item => new KeyValuePair<string, PythonValue>(((PythonText)item.Key).Text, item.Value))] : null;
    }

    private static List<string> ParametersOf(ToolDefinition? tool)
    {
        bool hasNames = tool?.Parameters is { ValueKind: JsonValueKind.Object } schema && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object;
        return hasNames ? [.. tool!.Parameters!.Value.GetProperty("properties").EnumerateObject().Select(property => property.Name)] : [];
    }
}
