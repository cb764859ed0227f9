using System.Globalization;
using System.Runtime.InteropServices;

namespace Countersign.Load.Bench;

/// <summary>What a process and its children use, from Linux's clocks of processes (clock_getcpuclockid(3)) and its <c>/proc</c> (proc(5)).</summary>
internal static class ProcessTree
{
    private const int ParentField = 1;

    /// <summary>CPU time in milliseconds, user and system, of all threads that are or were; to the nanosecond, where <c>/proc</c> counts in hundredths of a second. Not that of ended children.</summary>
    public static double CpuMilliseconds(int root) => Ids(root).Sum(static id => ReadClock(ClockOf(id), out var time) == 0 ? (time.Seconds * 1e3) + (time.Nanoseconds / 1e6) : 0);

    /// <summary>Resident memory in MiB, shared pages counted in each process.</summary>
    public static double RssMegabytes(int root) => Ids(root).Sum(static id => Resident(id)) / 1024.0;

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

    /// <summary>The clock of a process's CPU time: its id's complement, and 2 for the scheduler's count in the lowest three bits.</summary>
    private static int ClockOf(int process) => (~process << 3) | 2;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReadClock(int clock, out Timespec time);

    /// <summary><c>struct timespec</c> on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds, Nanoseconds;
    }
}
