using System.Text.RegularExpressions;

namespace Countersign.Cli.Hub;

/// <summary>What is to be pulled, as written on the command line: <c>org/repo</c>, <c>org/repo:Q4_K_M</c> or <c>org/repo:file.gguf</c>.</summary>
/// <param name="Repository">The repository, <c>org/repo</c>.</param>
/// <param name="Wanted">The quantisation, or a model's name in it; <c>null</c>: the default choice.</param>
internal sealed partial record HubReference(string Repository, string? Wanted)
{
    /// <summary>The reference in <paramref name="text"/>, or <c>null</c> where it is none.</summary>
    public static HubReference? TryParse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || text.Contains("..", StringComparison.Ordinal)) return null;
        return new HubReference(match.Groups["repository"].Value, match.Groups["wanted"] is { Success: true } wanted ? wanted.Value : null);
    }

    public override string ToString() => Wanted is null ? Repository : $"{Repository}:{Wanted}";

    [GeneratedRegex(@"\A(?<repository>[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95})(:(?<wanted>[A-Za-z0-9][A-Za-z0-9._/+-]{0,200}))?\z")]
    private static partial Regex Form();
}
