using Countersign.Gateway.Configuration.Files;

namespace Countersign.Gateway.Configuration.Checks;

/// <summary>Routes, pools and deployments share one space of names: what callers write as <c>model</c>.</summary>
internal static class NameChecks
{
    private static readonly string[] Sections = ["deployments", "pools", "routes"];

    public static void Run(CheckedFile file)
    {
        var first = new Dictionary<string, (string Section, int Line)>(StringComparer.Ordinal);
        foreach (string section in Sections)
        {
            foreach (MapEntry entry in (file.Find(section) as MapNode)?.Entries ?? []) CheckName(section, entry, first, file);
        }
    }

    /// <summary>Everything that a caller may write as <c>model</c>, the implicit names aside.</summary>
    public static IEnumerable<string> Models(GatewayConfiguration configuration) => configuration.Routes.Keys.Concat(Answering(configuration));

    /// <summary>Everything that can answer in a stage, the implicit names aside.</summary>
    public static IEnumerable<string> Answering(GatewayConfiguration configuration) => configuration.Pools.Keys.Concat(configuration.Deployments.Keys);

    public static bool IsModel(string name, GatewayConfiguration configuration) => configuration.Routes.ContainsKey(name) || IsAnswering(name, configuration);

    public static bool IsAnswering(string name, GatewayConfiguration configuration) => configuration.Pools.ContainsKey(name) || configuration.FindDeployment(name) is not null;

    private static void CheckName(string section, MapEntry entry, Dictionary<string, (string Section, int Line)> first, CheckedFile file)
    {
        if (string.IsNullOrWhiteSpace(entry.Key) || entry.Key.Any(char.IsControl)) file.Report("A name must not be empty or hold control characters.", "Name it.", section, entry.Key);
        if (first.TryAdd(entry.Key, (section, entry.Place.Line))) return;
        var (other, line) = first[entry.Key];
        file.Report($"\"{entry.Key}\" is also a name under '{other}' (line {line}), and callers could mean either.", "Rename one of them.", section, entry.Key);
    }
}
