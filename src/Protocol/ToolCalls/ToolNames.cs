using Countersign.Protocol.Chat;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Finds the tool that a call means.</summary>
public static class ToolNames
{
    /// <summary>The tool of that name; where there is none, the only one whose name is the same once every character that
    /// some APIs forbid in names (<c>math.gcd</c>) is an underscore (<c>math_gcd</c>).</summary>
    public static ToolDefinition? Find(IReadOnlyList<ToolDefinition> tools, string name)
    {
        ArgumentNullException.ThrowIfNull(tools);
        var exact = tools.FirstOrDefault(tool => tool.Name == name);
        if (exact is not null) return exact;
        string plain = Plain(name);
        var near = tools.Where(tool => Plain(tool.Name) == plain).Take(2).ToList();
        return near.Count == 1 ? near[0] : null;
    }

    private static string Plain(string name) => string.Create(name.Length, name, static (plain, name) =>
    {
        for (int index = 0; index < name.Length; index++) plain[index] = char.IsAsciiLetterOrDigit(name[index]) || name[index] == '-' ? name[index] : '_';
    });
}
