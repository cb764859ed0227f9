using System.Globalization;
using System.Text.Json;

namespace Countersign.Cascade.Validators.Facts;

/// <summary>Paths into a JSON value: <c>total</c>, <c>vendor.name</c>, <c>lines[0].amount</c>, <c>lines[*].amount</c>.</summary>
internal static class JsonPaths
{
    /// <summary>The steps of a path; <c>null</c> where it is none. A step is a member's name, an index, or <c>*</c> for all items.</summary>
    public static IReadOnlyList<string>? Parse(string path)
    {
        List<string> steps = [];
        foreach (string part in path.Split('.'))
        {
            int bracket = part.IndexOf('[', StringComparison.Ordinal);
            string name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0 && (bracket < 0 || steps.Count > 0)) return null;
            if (name.Length > 0) steps.Add(name);
            if (bracket >= 0 && !TryAddItems(part[bracket..], steps)) return null;
        }

        return steps;
    }

    /// <summary>The values at a path with the JSON pointers to them; in <paramref name="missing"/> the pointers to what the path asks for and is not there, with what lacks it. An empty list misses nothing.</summary>
    public static IReadOnlyList<(string Where, JsonElement Value)> Select(JsonElement root, IReadOnlyList<string> steps, out IReadOnlyList<(string Where, JsonElement From)> missing)
    {
        List<(string Where, JsonElement Value)> found = [("", root)];
        List<(string Where, JsonElement From)> lost = [];
        foreach (string step in steps)
        {
            var from = found;
            found = [];
            foreach (var (where, value) in from) Step(where, value, step, found, lost);
        }

        missing = lost;
        return found;
    }

    private static bool TryAddItems(string brackets, List<string> steps)
    {
        foreach (string item in brackets.TrimStart('[').Split('['))
        {
            if (!item.EndsWith(']')) return false;
            string index = item[..^1];
            if (index != "*" && !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return false;
            steps.Add($"[{index}]");
        }

        return true;
    }

    private static void Step(string where, JsonElement value, string step, List<(string Where, JsonElement Value)> found, List<(string Where, JsonElement From)> missing)
    {
        string name = step.Trim('[', ']');
        if (step == "[*]" && value.ValueKind == JsonValueKind.Array) found.AddRange(value.EnumerateArray().Select((item, index) => ($"{where}/{index}", item)));
        else if (step.StartsWith('[') && value.ValueKind == JsonValueKind.Array && int.Parse(name, CultureInfo.InvariantCulture) is var at && at < value.GetArrayLength()) found.Add(($"{where}/{name}", value[at]));
        else if (!step.StartsWith('[') && value.ValueKind == JsonValueKind.Object && value.TryGetProperty(step, out var member)) found.Add(($"{where}/{step}", member));
        else missing.Add(($"{where}/{name}", value));
    }
}
