using System.Text.RegularExpressions;

namespace Countersign.Gateway.Configuration.Files;

/// <summary>Puts environment variables in: <c>${NAME}</c>, <c>${NAME:-default}</c>; <c>$${</c> is a plain <c>${</c>.
/// Values are expanded after the file was parsed, so that no variable can change the file's structure.</summary>
internal static partial class Expansion
{
    /// <summary>Expands <paramref name="written"/>. A variable that is not set or empty and has no default is a problem.</summary>
    public static string Expand(string written, FilePlace place, string path, ConfigurationEnvironment environment, ProblemList problems) =>
        written.Contains("${", StringComparison.Ordinal) ? Reference().Replace(written, match => ValueOf(match, place, path, environment, problems)) : written;

    /// <summary>Whether the value comes from the environment alone, so that its written form holds no secret.</summary>
    public static bool IsReference(string written) => Reference().Match(written) is { Success: true, Index: 0 } match && match.Length == written.Length && !match.Groups["default"].Success;

    /// <summary>The written form that expands to <paramref name="text"/>.</summary>
    public static string Escape(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    private static string ValueOf(Match match, FilePlace place, string path, ConfigurationEnvironment environment, ProblemList problems)
    {
        if (match.Value == "$${") return "${";
        string name = match.Groups["name"].Value;
        if (environment.Get(name) is { } value) return value;
        if (match.Groups["default"] is { Success: true } standard) return standard.Value;
        problems.Add(place, path, $"The environment variable {name} is not set.", $"Set it, or write ${{{name}:-default}} with what holds where it is not set.");
        return "";
    }

    [GeneratedRegex(@"\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?\}")]
    private static partial Regex Reference();
}
