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

    /// <summary>The values at a path with the JSON pointers to them; none where the path leads nowhere.</summary>
    public static IEnumerable<(string Where, JsonElement Value)> Select(JsonElement root, IReadOnlyList<string> steps)
    {
        IEnumerable<(string Where, JsonElement Value)> found = [("", root)];
        foreach (string step in steps) found = found.SelectMany(at => Step(at.Where, at.Value, step)).ToList();
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

    private static IEnumerable<(string Where, JsonElement Value)> Step(string where, JsonElement value, string step)
    {
        if (!step.StartsWith('['))
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(step, out var member)) yield return ($"{where}/{step}", member);
            yield break;
        }

        if (value.ValueKind != JsonValueKind.Array) yield break;
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (step == "[*]" || step == $"[{index}]") yield return ($"{where}/{index}", item);
        }
    }
}
