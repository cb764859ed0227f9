using System.Globalization;

namespace Countersign.Load.Bench;

/// <summary>What a process and its children use, from Linux's <c>/proc</c> (proc(5)).</summary>
internal static class ProcessTree
{
    // USER_HZ; 100 on every Linux that .NET runs on.
    private const double MillisecondsPerTick = 10;
    private const int ParentField = 1, UserField = 11, ChildSystemField = 14;

    /// <summary>CPU time in milliseconds, user and system, that of ended children included.</summary>
    public static double CpuMilliseconds(int root) => Of(root).Sum(static process => Enumerable.Range(UserField, ChildSystemField - UserField + 1).Sum(field => Number(process[field]))) * MillisecondsPerTick;

    /// <summary>Resident memory in MiB, shared pages counted in each process.</summary>
    public static double RssMegabytes(int root) => Ids(root).Sum(static id => Resident(id)) / 1024.0;

    private static IEnumerable<string[]> Of(int root) => Ids(root).Select(Fields).OfType<string[]>();

    private static List<int> Ids(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(static folder => int.TryParse(Path.GetFileName(folder), out int id) ? id : 0).Where(static id => id > 0)
            .Select(static id => (Id: id, Fields: Fields(id))).Where(static process => process.Fields is not null)
            .ToLookup(static process => (int)Number(process.Fields![ParentField]), static process => process.Id);
        List<int> tree = [root];
        for (int i = 0; i < tree.Count; i++) tree.AddRange(parents[tree[i]]);
        return tree;
    }

    /// <summary>The fields of <c>stat</c> after the command's name, the state first; <c>null</c> where the process has ended.</summary>
    private static string[]? Fields(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Resident(int id)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? 0 : Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
